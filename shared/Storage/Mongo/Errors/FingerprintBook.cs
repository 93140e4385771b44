using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Storage.Mongo.Bson;

namespace ErrorPipeline.Shared.Storage.Mongo.Errors;

/// <summary>Fingerprints found, made and deleted.</summary>
internal sealed class FingerprintBook(ErrorCollections errors)
{
    /// <summary>Null where it is not known, or deleted.</summary>
    public FingerprintDocument? Find(FingerprintKey key) => errors.Fingerprints.First(
        w =>
        {
            w.String("_id"u8, FingerprintDocument.IdOf(key));
            w.Exists("deletedAt"u8, false);
        },
        FingerprintDocument.Read);

    public FingerprintDocument? Find(long number) => errors.Fingerprints.First(BsonQuery.Number("n", number), FingerprintDocument.Read);

    public List<FingerprintDocument> OfIssue(long issue) =>
        errors.Fingerprints.Query(BsonQuery.Number("issue", issue), FingerprintDocument.Read, BsonQuery.Sorted(0, ("n", 1)));

    public List<FingerprintDocument> OfIssues(IEnumerable<long> issues) =>
        errors.Fingerprints.Query(w => w.In("issue"u8, issues), FingerprintDocument.Read, BsonQuery.Sorted(0, ("n", 1)));

    /// <summary>Counts nothing yet. A document that was deleted is used again, with the markers that it has.</summary>
    public FingerprintDocument Create(FingerprintKey key, IssueDelta delta, long number, long issue)
    {
        var id = FingerprintDocument.IdOf(key);
        void Fields(BsonWriter w)
        {
            w.Int64("n"u8, number);
            w.Int64("issue"u8, issue);
            w.Int32("project"u8, key.ProjectId);
            w.String("version"u8, key.Version);
            w.String("fingerprint"u8, key.Fingerprint);
            w.String("tokens"u8, StoredJson.WriteTokens(delta.Grouping.Tokens ?? []));
            w.StringOrNull("notes"u8, delta.Grouping.Notes is { } notes ? StoredJson.WriteTokens(notes) : null);
            w.Int64("count"u8, 0);
        }

        var made = errors.Fingerprints.Insert(w =>
        {
            w.String("_id"u8, id);
            Fields(w);
        });
        if (!made)
            errors.Fingerprints.Update(
                w =>
                {
                    w.String("_id"u8, id);
                    w.Exists("deletedAt"u8, true);
                },
                w =>
                {
                    w.Set(Fields);
                    using var unset = w.Document("$unset"u8);
                    w.Bool("deletedAt"u8, true);
                });
        return Find(key) ?? throw new StoreUnavailableException("a fingerprint was deleted while it was made");
    }

    /// <summary>The document stays, with nothing in it but its markers: whoever still applies an old entry finds it, and that it is deleted.</summary>
    public void Delete(FingerprintDocument fingerprint, long at) => errors.Fingerprints.Update(
        w =>
        {
            w.String("_id"u8, fingerprint.Id);
            w.Int64("n"u8, fingerprint.Number);
        },
        w =>
        {
            w.Set(fields => fields.Int64("deletedAt"u8, at));
            using var unset = w.Document("$unset"u8);
            foreach (var field in (string[])["n", "issue", "tokens", "notes", "title", "culprit", "level", "class", "count", "users", "sketched", "samples", "firstSeen", "lastSeen", "lastReceived", "firstRelease", "firstReleaseAt", "drained"])
                w.Bool(System.Text.Encoding.UTF8.GetBytes(field), true);
        });
}
