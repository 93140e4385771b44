using ErrorPipeline.Shared.Storage.Mongo.Bson;

namespace ErrorPipeline.Shared.Storage.Mongo.Errors;

/// <summary>What search and lists ask of many issues at once, worked out from their fingerprints: after a copy, which has only those.</summary>
internal sealed class IssueWords(ErrorCollections errors)
{
    /// <summary>Of the issues after one; the last of them, or null where there are no more.</summary>
    public long? Set(long after, int most)
    {
        var issues = errors.Issues.Query(w => w.Compare("_id"u8, "$gt"u8, after), found => found["_id"u8].Int64(), BsonQuery.Both(BsonQuery.Sorted(most, ("_id", 1)), BsonQuery.Only("_id")));
        if (issues.Count == 0)
            return null;
        var owners = errors.Fingerprints.Query(
            w => w.In("issue"u8, issues), found => (Number: found["n"u8].Int64(), Issue: found["issue"u8].Int64()), BsonQuery.Only("n", "issue")).ToDictionary(one => one.Number, one => one.Issue);
        var (words, environments) = IssueBook.Spoken(errors, owners);
        errors.Issues.UpdateAll(issues, (w, issue) => w.Int64("_id"u8, issue), (w, issue) => w.Set(fields =>
        {
            IssueBook.Write(fields, "words"u8, words[issue]);
            IssueBook.Write(fields, "environments"u8, environments[issue]);
        }));
        var sketched = errors.Sketches.Query(w => w.In("_id"u8, owners.Keys), found => found["_id"u8].Int64(), BsonQuery.Only("_id"));
        if (sketched.Count > 0)
            errors.Fingerprints.Update(w => w.In("n"u8, sketched), w => w.Set(fields => fields.Bool("sketched"u8, true)), multi: true);
        return issues[^1];
    }
}
