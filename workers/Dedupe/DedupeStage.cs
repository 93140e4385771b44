using System.Security.Cryptography;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Hosting;
using ErrorPipeline.Shared.Outcomes;
using ErrorPipeline.Shared.Streams;
using ErrorPipeline.Workers.Pumping;

namespace ErrorPipeline.Workers.Dedupe;

/// <summary>
/// Drops events that were seen before and folds those that are equal but for their light facts.
/// Does not parse stacks, does not decide what an event means: where it is not sure, an event travels alone.
/// </summary>
internal static class DedupeStage
{
    private const string Native = "native";

    /// <param name="seen">Which of the batch's events were seen in earlier batches.</param>
    public static StageResult<UniqueError> Run(IReadOnlyList<RawError> batch, IReadOnlySet<EventIdentity> seen, DateTimeOffset now)
    {
        var unseen = new HashSet<EventIdentity>(batch.Count);
        var duplicates = new Dictionary<(int Project, long Minute), long>();
        var fates = new List<EventFate>();
        using var folding = new Folding();

        foreach (var raw in batch)
        {
            var identity = EventIdentity.Of(raw.ProjectId, raw.EventId);
            if ((seen.Contains(identity) || !unseen.Add(identity)) && Guard.Holds(Guard.Dedupe))
            {
                Count(duplicates, raw);
                fates.Add(new(Outcome.Duplicate, identity));
            }
            else
            {
                folding.Add(raw);
            }
        }

        return new(folding.ToUniqueErrors(), [.. duplicates.Select(ToOutcome)]) { Fates = fates, Remember = unseen };
    }

    private static void Count(Dictionary<(int, long), long> duplicates, RawError raw)
    {
        var key = (raw.ProjectId, raw.ReceivedAt / 60_000);
        duplicates[key] = duplicates.GetValueOrDefault(key) + 1;
    }

    private static OutcomeCount ToOutcome(KeyValuePair<(int Project, long Minute), long> duplicates) =>
        new(duplicates.Key.Project, duplicates.Key.Minute, Outcome.Duplicate, duplicates.Value);

    private sealed class Folding : IDisposable
    {
        private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        private readonly List<Fold> _folds = [];
        private readonly Dictionary<(int Project, UInt128 Signature), Fold> _open = [];

        public void Add(RawError raw)
        {
            if (!TryRead(raw, out var facts, out var signature))
                _folds.Add(new(raw, default));
            else if (!_open.TryGetValue((raw.ProjectId, signature), out var fold) || !fold.TryAdd(raw, facts))
                _folds.Add(_open[(raw.ProjectId, signature)] = new(raw, facts));
        }

        public List<UniqueError> ToUniqueErrors() => _folds.ConvertAll(f => f.ToUniqueError());

        public void Dispose() => _hash.Dispose();

        private bool TryRead(RawError raw, out LightFacts facts, out UInt128 signature)
        {
            facts = default;
            signature = default;
            if (raw.Protocol != Native)
                return false;
            return new FoldSignature(raw.Body.Span, _hash).TryRead(out facts, out signature);
        }
    }
}
