using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Policies;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Workers.Normalize.Fingerprints;
using ErrorPipeline.Workers.Normalize.Messages;
using ErrorPipeline.Workers.Normalize.Policies;
using ErrorPipeline.Workers.Normalize.SourceMaps;

namespace ErrorPipeline.Workers.LateMaps;

/// <summary>What the normalize stage would make of a stored sample now that there are maps. Pure, like the stage.</summary>
internal static class SampleRepair
{
    /// <summary>Release and files that maps may be for.</summary>
    public static IEnumerable<MappedFile> Files(int project, EventSample sample) =>
        OriginalFrames.Files(sample.Error).Select(file => new MappedFile(project, sample.Context.Release, file, DistOf(sample)));

    /// <summary>Null where the maps tell nothing new.</summary>
    /// <param name="policy">What the project decided: what is new is scrubbed and marked by it, too.</param>
    public static RemappedSample? Of(int project, EventSample sample, Grouping was, MapFacts maps, Policy policy)
    {
        var error = OriginalFrames.Of(sample.Error, file => maps.Find(project, sample.Context.Release, file, DistOf(sample)), policy.Scrub);
        error = error with { Frames = RuleSet.Mark(error.Frames, policy.Rules.MarkingFor(RuleSubject.Of(sample))) };
        if (Resolved(error) == Resolved(sample.Error))
            return null;
        return new(
            project,
            sample with { Error = error },
            FingerprintV1.Regroup(was, TokensOf(sample.Error), TokensOf(error)),
            Headline.Culprit(error.Frames) ?? "");
    }

    /// <summary>Clients that tell one have it among their tags.</summary>
    private static string? DistOf(EventSample sample) => sample.Context.Tags.FirstOrDefault(tag => tag.K == "dist")?.V;

    private static int Resolved(ErrorDetail error) => error.Frames.Count(f => f.Generated is not null) + error.Causes.Sum(Resolved);

    private static IReadOnlyList<string> TokensOf(ErrorDetail error) =>
        FingerprintV1.ErrorTokens(error.Type, MessageTemplate.Of(CanonicalMessage.Of(error.Message)), error.Frames);
}
