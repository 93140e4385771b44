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

    /// <summary>Those of them that are known.</summary>
    public Dictionary<FingerprintKey, FingerprintDocument> Find(IReadOnlyCollection<FingerprintKey> keys) => keys.Count == 0 ? [] : errors.Fingerprints.Query(
        w =>
        {
            w.In("_id"u8, keys.Select(FingerprintDocument.IdOf).Distinct(StringComparer.Ordinal));
            w.Exists("deletedAt"u8, false);
        },
        FingerprintDocument.Read).ToDictionary(known => new FingerprintKey(known.Project, known.Version, known.Fingerprint));

    public FingerprintDocument? Find(long number) => errors.Fingerprints.First(BsonQuery.Number("n", number), FingerprintDocument.Read);

    public List<FingerprintDocument> OfIssue(long issue) =>
        errors.Fingerprints.Query(BsonQuery.Number("issue", issue), FingerprintDocument.Read, BsonQuery.Sorted(0, ("n", 1)));

    public List<FingerprintDocument> OfIssues(IEnumerable<long> issues) =>
        errors.Fingerprints.Query(w => w.In("issue"u8, issues), FingerprintDocument.Read, BsonQuery.Sorted(0, ("n", 1)));

    /// <summary>Counts nothing yet. In one step where none of them is there already.</summary>
    public IReadOnlyList<FingerprintDocument> Create(IReadOnlyList<NewFingerprint> all)
    {
        var taken = errors.Fingerprints.InsertAll(all, (w, one) =>
        {
            w.String("_id"u8, FingerprintDocument.IdOf(one.Key));
            Fields(w, one.Key, one.Delta, one.Number, one.Issue);
        });
        return [.. all.Select((one, index) => taken.Contains(index) ? Create(one.Key, one.Delta, one.Number, one.Issue) : FingerprintDocument.Empty(one.Key, one.Number, one.Issue))];
    }

    /// <summary>Counts nothing yet. A document that was deleted is used again, with the markers that it has.</summary>
    public FingerprintDocument Create(FingerprintKey key, IssueDelta delta, long number, long issue)
    {
        var id = FingerprintDocument.IdOf(key);
        var made = errors.Fingerprints.Insert(w =>
        {
            w.String("_id"u8, id);
            Fields(w, key, delta, number, issue);
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
                    w.Set(fields => Fields(fields, key, delta, number, issue));
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

    private static void Fields(BsonWriter w, FingerprintKey key, IssueDelta delta, long number, long issue)
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
}

/// <summary>A fingerprint that is to be made for a delta.</summary>
internal sealed record NewFingerprint(FingerprintKey Key, IssueDelta Delta, long Number, long Issue, bool IsJoined);
