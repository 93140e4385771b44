using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Storage.Mongo.Bson;

namespace ErrorPipeline.Shared.Storage.Mongo.Errors;

/// <summary><see cref="OtherNames"/> of fingerprints, and what was deleted under which name.</summary>
internal sealed class AliasNames(ErrorCollections errors, FingerprintBook fingerprints)
{
    /// <inheritdoc cref="OtherNames.FindIssue"/>
    public long? FindIssue(FingerprintKey key, Grouping grouping) =>
        OtherNames.FindIssue(key, grouping, alias => Named(key.ProjectId, alias), known => fingerprints.Find(known)?.Issue);

    public void Add(long fingerprint, int project, Grouping grouping)
    {
        foreach (var alias in OtherNames.Of(grouping))
            Add(fingerprint, project, alias);
    }

    public void Add(long fingerprint, int project, GroupingAlias alias)
    {
        var id = $"{fingerprint}:{alias.Kind.Length}:{alias.Kind}:{alias.Value}";
        if (errors.Aliases.Count(BsonQuery.Id(id), 1) > 0)
            return;
        var number = errors.Next("aliases");
        errors.Aliases.Insert(w =>
        {
            w.String("_id"u8, id);
            w.Int64("n"u8, number);
            w.Int64("f"u8, fingerprint);
            w.Int32("project"u8, project);
            w.String("kind"u8, alias.Kind);
            w.String("value"u8, alias.Value);
            w.Bool("mapped"u8, alias.Mapped);
        });
        var surplus = errors.Aliases.Query(BsonQuery.Number("f", fingerprint), found => found["_id"u8].String(), BsonQuery.Sorted(0, ("n", -1))).Skip(OtherNames.MostPerFingerprint).ToList();
        if (surplus.Count > 0)
            errors.Aliases.Delete(w => w.In("_id"u8, surplus));
    }

    /// <summary>When the fingerprint was deleted; null where it never was.</summary>
    public long? DeletedAt(FingerprintKey key) => Tombstone(key.ProjectId, key.Version, key.Fingerprint);

    /// <summary>When the error was deleted under another of its names, asked for a fingerprint that is not known.</summary>
    public long? DeletedAt(int project, Grouping grouping) => OtherNames.Of(grouping).Max(alias => Tombstone(project, alias.Kind, alias.Value));

    /// <summary>Under its own name, and under those that it shares with what is on its way.</summary>
    public void Bury(FingerprintDocument fingerprint, long at)
    {
        Bury(fingerprint.Project, fingerprint.Version, fingerprint.Fingerprint, at);
        foreach (var alias in errors.Aliases.Query(
            BsonQuery.Number("f", fingerprint.Number),
            found => new GroupingAlias(found["kind"u8].String(), found["value"u8].String(), found["mapped"u8].Bool())))
        {
            if (alias.Kind != GroupingAlias.Build || !alias.Mapped)
                Bury(fingerprint.Project, alias.Kind, alias.Value, at);
        }
    }

    private void Bury(int project, string version, string name, long at) => errors.Tombstones.Update(BsonQuery.Id(TombstoneId(project, version, name)), w =>
    {
        using var latest = w.Document("$max"u8);
        w.Int64("deletedAt"u8, at);
    }, upsert: true);

    private long? Tombstone(int project, string version, string name) =>
        errors.Tombstones.Query(BsonQuery.Id(TombstoneId(project, version, name)), found => (long?)found["deletedAt"u8].Int64()).FirstOrDefault();

    private static string TombstoneId(int project, string version, string name) => $"{project}:{version.Length}:{version}:{name}";

    private long? Named(int project, GroupingAlias alias)
    {
        var named = errors.Aliases.Query(
            w =>
            {
                w.Int32("project"u8, project);
                w.String("kind"u8, alias.Kind);
                w.String("value"u8, alias.Value);
            },
            found => (Fingerprint: found["f"u8].Int64(), Mapped: found["mapped"u8].Bool()), BsonQuery.Sorted(0, ("n", -1)));
        return named.Where(one => !(one.Mapped && alias.Mapped)).Select(one => fingerprints.Find(one.Fingerprint)?.Issue).FirstOrDefault(issue => issue is not null);
    }
}
