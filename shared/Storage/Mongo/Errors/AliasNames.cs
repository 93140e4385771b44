using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Storage.Mongo.Bson;

namespace ErrorPipeline.Shared.Storage.Mongo.Errors;

/// <summary><see cref="OtherNames"/> of fingerprints, and what was deleted under which name.</summary>
internal sealed class AliasNames(ErrorCollections errors)
{
    /// <summary>The names that deltas tell of their fingerprints.</summary>
    public void Add(IReadOnlyCollection<CountedDelta> counted)
    {
        var told = counted.SelectMany(one => OtherNames.Of(one.Delta.Grouping).Select(alias => (one.Fingerprint, Alias: alias, Id: IdOf(one.Fingerprint.Number, alias.Kind, alias.Value))))
            .DistinctBy(one => one.Id, StringComparer.Ordinal).ToList();
        var known = errors.Aliases.Known([.. told.Select(one => one.Id)]);
        var missing = told.Where(one => !known.Contains(one.Id)).ToList();
        if (missing.Count == 0)
            return;
        var number = errors.NextOf("aliases", missing.Count);
        errors.Aliases.InsertAll(missing, (w, one) => Write(w, one.Id, number++, one.Fingerprint.Number, one.Fingerprint.Project, one.Alias));
        Trim([.. missing.Where(one => !one.Fingerprint.IsEmpty).Select(one => one.Fingerprint.Number).Distinct()]);
    }

    public void Add(long fingerprint, int project, GroupingAlias alias)
    {
        var id = IdOf(fingerprint, alias.Kind, alias.Value);
        if (errors.Aliases.Count(BsonQuery.Id(id), 1) > 0)
            return;
        var number = errors.Next("aliases");
        errors.Aliases.Insert(w => Write(w, id, number, fingerprint, project, alias));
        Trim([fingerprint]);
    }

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
        using (w.Document("$max"u8))
            w.Int64("deletedAt"u8, at);
        using var made = w.Document("$setOnInsert"u8);
        w.Int32("project"u8, project);
        w.String("version"u8, version);
        w.String("name"u8, name);
    }, upsert: true);

    internal static string IdOf(long fingerprint, string kind, string value) => $"{fingerprint}:{kind.Length}:{kind}:{value}";

    internal static string TombstoneId(int project, string version, string name) => $"{project}:{version.Length}:{version}:{name}";

    private void Trim(IReadOnlyCollection<long> fingerprints)
    {
        if (fingerprints.Count == 0)
            return;
        var surplus = errors.Aliases.Query(w => w.In("f"u8, fingerprints), found => (Fingerprint: found["f"u8].Int64(), Number: found["n"u8].Int64(), Id: found["_id"u8].String()))
            .GroupBy(one => one.Fingerprint).SelectMany(all => all.OrderByDescending(one => one.Number).Skip(OtherNames.MostPerFingerprint)).Select(one => one.Id).ToList();
        if (surplus.Count > 0)
            errors.Aliases.Delete(w => w.In("_id"u8, surplus));
    }

    private static void Write(BsonWriter w, string id, long number, long fingerprint, int project, GroupingAlias alias)
    {
        w.String("_id"u8, id);
        w.Int64("n"u8, number);
        w.Int64("f"u8, fingerprint);
        w.Int32("project"u8, project);
        w.String("kind"u8, alias.Kind);
        w.String("value"u8, alias.Value);
        w.Bool("mapped"u8, alias.Mapped);
    }
}
