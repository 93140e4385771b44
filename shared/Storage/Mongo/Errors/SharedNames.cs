using ErrorPipeline.Shared.Contracts;

namespace ErrorPipeline.Shared.Storage.Mongo.Errors;

/// <summary>Which issues have the names that unknown fingerprints of an entry go by, all read in two steps; and what is made of them meanwhile.</summary>
internal sealed class SharedNames
{
    private readonly Dictionary<(int Project, string Kind, string Value), List<(long Number, bool Mapped, long Issue)>> _named = [];
    private readonly Dictionary<FingerprintKey, long> _issues = [];
    private long _newest;

    private SharedNames()
    {
    }

    /// <param name="errors">Where they are.</param>
    /// <param name="deltas">Of fingerprints that are not known.</param>
    /// <param name="known">What other deltas of the entry count in.</param>
    public static SharedNames Of(ErrorCollections errors, IReadOnlyList<IssueDelta> deltas, IReadOnlyDictionary<FingerprintKey, FingerprintDocument> known)
    {
        var names = new SharedNames();
        HashSet<(int Project, string Kind, string Value)> told =
        [
            .. deltas.SelectMany(delta => OtherNames.Of(delta.Grouping).Select(alias => (delta.ProjectId, alias.Kind, alias.Value))),
            .. deltas.Select(FingerprintKey.Of).Select(key => (key.ProjectId, key.Version, key.Fingerprint)),
        ];
        foreach (var (key, fingerprint) in known)
            names._issues[key] = fingerprint.Issue;
        foreach (var (key, fingerprint) in new FingerprintBook(errors).Find(
            [.. told.Where(name => name.Kind != GroupingAlias.Build).Select(name => new FingerprintKey(name.Project, name.Kind, name.Value)).Where(key => !known.ContainsKey(key))]))
            names._issues[key] = fingerprint.Issue;
        names.ReadAliases(errors, told);
        return names;
    }

    public bool IsKnown(FingerprintKey key) => _issues.ContainsKey(key);

    /// <inheritdoc cref="OtherNames.FindIssue"/>
    public long? FindIssue(FingerprintKey key, Grouping grouping) => OtherNames.FindIssue(
        key, grouping, alias => Named(key.ProjectId, alias), other => _issues.TryGetValue(other, out var issue) ? issue : null);

    public void Add(NewFingerprint made)
    {
        _issues[made.Key] = made.Issue;
        foreach (var alias in OtherNames.Of(made.Delta.Grouping))
            Add((made.Key.ProjectId, alias.Kind, alias.Value), ++_newest, alias.Mapped, made.Issue);
    }

    private void ReadAliases(ErrorCollections errors, HashSet<(int Project, string Kind, string Value)> told)
    {
        var found = errors.Aliases.Query(
            w =>
            {
                w.In("project"u8, told.Select(name => (long)name.Project).Distinct());
                w.In("kind"u8, told.Select(name => name.Kind).Distinct(StringComparer.Ordinal));
                w.In("value"u8, told.Select(name => name.Value).Distinct(StringComparer.Ordinal));
            },
            one => (
                Name: (one["project"u8].Int32(), one["kind"u8].String(), one["value"u8].String()), Number: one["n"u8].Int64(), Fingerprint: one["f"u8].Int64(), Mapped: one["mapped"u8].Bool()))
            .Where(one => told.Contains(one.Name)).ToList();
        if (found.Count == 0)
            return;
        var issues = errors.Fingerprints.Query(
            w => w.In("n"u8, found.Select(one => one.Fingerprint).Distinct()), one => (Number: one["n"u8].Int64(), Issue: one["issue"u8].Int64()), BsonQuery.Only("n", "issue"))
            .ToDictionary(one => one.Number, one => one.Issue);
        foreach (var (name, number, fingerprint, mapped) in found.Where(one => issues.ContainsKey(one.Fingerprint)))
            Add(name, number, mapped, issues[fingerprint]);
        _newest = found.Max(one => one.Number);
    }

    private void Add((int Project, string Kind, string Value) name, long number, bool mapped, long issue)
    {
        if (!_named.TryGetValue(name, out var all))
            _named[name] = all = [];
        all.Add((number, mapped, issue));
    }

    private long? Named(int project, GroupingAlias alias) => _named.TryGetValue((project, alias.Kind, alias.Value), out var all)
        ? all.Where(one => !(one.Mapped && alias.Mapped)).OrderByDescending(one => one.Number).Select(one => (long?)one.Issue).FirstOrDefault()
        : null;
}
