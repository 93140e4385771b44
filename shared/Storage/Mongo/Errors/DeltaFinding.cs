using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Hosting;

namespace ErrorPipeline.Shared.Storage.Mongo.Errors;

/// <summary>
/// Which fingerprint each delta of an entry counts in. Those that are not known are made, with nothing counted: all of an entry in a few steps,
/// as if one was made after the other.
/// </summary>
internal sealed class DeltaFinding(ErrorCollections errors, string cause)
{
    private readonly FingerprintBook _fingerprints = new(errors);
    private readonly IssueBook _issues = new(errors);

    /// <summary>In the order of the deltas; null where a tombstone swallowed one.</summary>
    public IReadOnlyList<CountedDelta?> Find(IReadOnlyList<IssueDelta> deltas)
    {
        var keys = deltas.Select(FingerprintKey.Of).ToList();
        var known = _fingerprints.Find(keys.ToHashSet());
        var graves = Graves.Of(errors, deltas, keys);
        var swallowed = deltas.Select((delta, i) => delta.LastReceived <= graves.At(keys[i]) && Guard.Holds(Guard.Tombstone)).ToList();
        var unknown = Enumerable.Range(0, deltas.Count).Where(i => !swallowed[i] && !known.ContainsKey(keys[i])).ToList();
        var isNew = new HashSet<int>();
        if (unknown.Count > 0)
            Make(deltas, keys, unknown, known, graves, isNew);
        List<CountedDelta?> found = [.. deltas.Select((delta, i) => !swallowed[i] && known.TryGetValue(keys[i], out var one) ? new CountedDelta(delta, one, isNew.Contains(i)) : null)];
        new AliasNames(errors).Add([.. found.OfType<CountedDelta>()]);
        return found;
    }

    /// <param name="deltas">Of the entry.</param>
    /// <param name="keys">Of the deltas.</param>
    /// <param name="unknown">Indexes of those whose fingerprint is not known.</param>
    /// <param name="known">Gets what is made.</param>
    /// <param name="graves">What was deleted.</param>
    /// <param name="isNew">Gets the indexes of those that made an issue.</param>
    private void Make(
        IReadOnlyList<IssueDelta> deltas, List<FingerprintKey> keys, List<int> unknown, Dictionary<FingerprintKey, FingerprintDocument> known, Graves graves, HashSet<int> isNew)
    {
        var names = SharedNames.Of(errors, [.. unknown.Select(i => deltas[i])], known);
        var number = errors.NextOf("fingerprints", unknown.Count);
        var issues = new Lazy<Numbers>(() => new(errors.NextOf("issues", unknown.Count)));
        List<NewFingerprint> made = [];
        foreach (var i in unknown)
        {
            var (delta, key) = (deltas[i], keys[i]);
            if (names.IsKnown(key))
                continue; // by an earlier delta of this entry
            var joined = names.FindIssue(key, delta.Grouping);
            if (joined is null && delta.LastReceived <= graves.At(delta.ProjectId, delta.Grouping) && Guard.Holds(Guard.Tombstone))
                continue;
            var one = new NewFingerprint(key, delta, number++, joined ?? issues.Value.Next(), joined is not null);
            if (joined is null)
                isNew.Add(i);
            names.Add(one);
            made.Add(one);
        }

        // History first: who repeats this finds the fingerprints, and would not come here again.
        _issues.Tell([.. made.Select(one => one.IsJoined
            ? new HistoryLine(one.Issue, $"joined:{one.Number}", one.Delta.LastReceived, "joined", null, one.Key.Fingerprint)
            : new HistoryLine(one.Issue, cause, one.Delta.LastReceived, "created", null, null))]);
        foreach (var (one, stored) in made.Zip(_fingerprints.Create(made)))
            known[one.Key] = stored;
    }

    private sealed class Numbers(long first)
    {
        private long _next = first;

        public long Next() => _next++;
    }
}
