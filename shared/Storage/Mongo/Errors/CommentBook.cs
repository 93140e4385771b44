using ErrorPipeline.Shared.Contracts;

namespace ErrorPipeline.Shared.Storage.Mongo.Errors;

/// <summary>What people say of issues.</summary>
internal sealed class CommentBook(ErrorCollections errors)
{
    private const int Longest = 10_000;
    private const int MostPerIssue = 1_000;

    public void Add(string id, StoreCommand command)
    {
        if (string.IsNullOrWhiteSpace(command.Text) || errors.Comments.Count(BsonQuery.Number("issue", command.IssueId), MostPerIssue) >= MostPerIssue)
            return;
        errors.Comments.Insert(w =>
        {
            w.String("_id"u8, id);
            w.Int64("issue"u8, command.IssueId);
            w.Int64("at"u8, command.At);
            w.StringOrNull("by"u8, StoreText.CleanOrNull(command.By, 200));
            w.String("text"u8, StoreText.Clean(command.Text, Longest));
        });
    }

    public void Remove(StoreCommand command) => errors.Comments.Delete(w =>
    {
        w.String("_id"u8, StoreText.Clean(command.Text, 100));
        w.Int64("issue"u8, command.IssueId);
        w.StringOrNull("by"u8, StoreText.CleanOrNull(command.By, 200));
    });

    public IReadOnlyList<IssueComment> OfIssue(int project, long issue, int limit) =>
        new IssueBook(errors).ProjectOf(issue) != project ? [] : errors.Comments.Query(
            BsonQuery.Number("issue", issue),
            found => new IssueComment(found["_id"u8].String(), found["at"u8].Int64(), found.StringOrNull("by"u8), found["text"u8].String()),
            BsonQuery.Sorted(limit, ("at", 1), ("_id", 1)));
}
