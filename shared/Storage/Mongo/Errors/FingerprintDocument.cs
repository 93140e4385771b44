using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Storage.Mongo.Bson;

namespace ErrorPipeline.Shared.Storage.Mongo.Errors;

/// <summary>A fingerprint as it is stored, with what counts it: nothing of it moves when its issue changes.</summary>
/// <param name="Number">Names it in other documents. A fingerprint that is deleted and comes back gets another.</param>
internal sealed record FingerprintDocument(
    string Id, long Number, int Project, long Issue, string Version, string Fingerprint, string Title, string Culprit, string Level, string Class,
    long Count, long Users, bool Sketched, long Samples, long FirstSeen, long LastSeen, long LastReceived, string? FirstRelease, long Drained)
{
    /// <summary>The version's length keeps two keys from having one name.</summary>
    public static string IdOf(FingerprintKey key) => $"{key.ProjectId}:{key.Version.Length}:{key.Version}:{key.Fingerprint}";

    /// <summary>Just made.</summary>
    public static FingerprintDocument Empty(FingerprintKey key, long number, long issue) => new(
        IdOf(key), number, key.ProjectId, issue, key.Version, key.Fingerprint, "", "", "", "", 0, 0, false, 0, long.MaxValue, long.MinValue, long.MinValue, null, 0);

    /// <summary>Nothing was counted yet.</summary>
    public bool IsEmpty => LastReceived == long.MinValue;

    public static FingerprintDocument Read(BsonView stored) => new(
        stored["_id"u8].String(), stored["n"u8].Int64(), stored["project"u8].Int32(), stored["issue"u8].Int64(),
        stored["version"u8].String(), stored["fingerprint"u8].String(),
        stored.StringOrNull("title"u8) ?? "", stored.StringOrNull("culprit"u8) ?? "", stored.StringOrNull("level"u8) ?? "", stored.StringOrNull("class"u8) ?? "",
        stored["count"u8].Int64(), stored.Int64OrNull("users"u8) ?? 0, stored.TryFind("sketched"u8, out _), stored.Int64OrNull("samples"u8) ?? 0,
        stored.Int64OrNull("firstSeen"u8) ?? long.MaxValue, stored.Int64OrNull("lastSeen"u8) ?? long.MinValue, stored.Int64OrNull("lastReceived"u8) ?? long.MinValue,
        stored.StringOrNull("firstRelease"u8), stored.Int64OrNull("drained"u8) ?? 0);

    public static Grouping ReadGrouping(BsonView stored) => new(
        stored["version"u8].String(), stored["fingerprint"u8].String(), StoredJson.ReadTokens(stored["tokens"u8].String()))
    {
        Notes = stored.StringOrNull("notes"u8) is { } notes ? StoredJson.ReadTokens(notes) : null,
    };
}
