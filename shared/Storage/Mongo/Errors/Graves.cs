using ErrorPipeline.Shared.Contracts;

namespace ErrorPipeline.Shared.Storage.Mongo.Errors;

/// <summary>When what some deltas name was deleted, all read in one step.</summary>
internal sealed class Graves
{
    private readonly Dictionary<string, long> _deletedAt;

    private Graves(Dictionary<string, long> deletedAt) => _deletedAt = deletedAt;

    public static Graves Of(ErrorCollections errors, IEnumerable<IssueDelta> deltas, IEnumerable<FingerprintKey> keys)
    {
        var ids = keys.Select(IdOf).Concat(deltas.SelectMany(delta => OtherNames.Of(delta.Grouping).Select(alias => IdOf(delta.ProjectId, alias)))).ToHashSet(StringComparer.Ordinal);
        return new(ids.Count == 0 ? [] : errors.Tombstones.Query(w => w.In("_id"u8, ids), found => (Id: found["_id"u8].String(), At: found["deletedAt"u8].Int64())).ToDictionary(one => one.Id, one => one.At));
    }

    /// <summary>Null where the fingerprint never was.</summary>
    public long? At(FingerprintKey key) => At(IdOf(key));

    /// <summary>When the error was deleted under another of its names, asked for a fingerprint that is not known.</summary>
    public long? At(int project, Grouping grouping) => OtherNames.Of(grouping).Max(alias => At(IdOf(project, alias)));

    private long? At(string id) => _deletedAt.TryGetValue(id, out var at) ? at : null;

    private static string IdOf(FingerprintKey key) => AliasNames.TombstoneId(key.ProjectId, key.Version, key.Fingerprint);

    private static string IdOf(int project, GroupingAlias alias) => AliasNames.TombstoneId(project, alias.Kind, alias.Value);
}
