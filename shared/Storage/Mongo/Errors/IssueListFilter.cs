using System.Text;
using ErrorPipeline.Shared.Storage.Mongo.Bson;

namespace ErrorPipeline.Shared.Storage.Mongo.Errors;

/// <summary>Which issues a list shows: every value as a value, never as part of a query.</summary>
internal static class IssueListFilter
{
    public static void Write(BsonWriter w, IssueQuery query, List<string>? words, IssueCursor? after)
    {
        if (query.ProjectId is { } project)
            w.Int32("project"u8, project);
        if (query.State is { } state)
            w.Int32("state"u8, (int)state);
        if (query.Class is { } owner)
            w.String("class"u8, StoreText.Clean(owner, 100));
        if (query.Environment is not null)
            w.String("environments"u8, StoreText.Clean(query.Environment, 1000));
        if (query.Since is null && words is null && after is null)
            return;
        using var all = w.Array("$and"u8);
        if (query.Since is { } since)
        {
            using (w.Document(default))
                w.Compare("lastSeen"u8, "$gte"u8, since);
        }

        if (words is not null)
            WriteWords(w, words);
        if (after is { } cursor)
            WriteAfter(w, Encoding.UTF8.GetBytes(Field(query.Sort)), cursor);
    }

    public static string Field(IssueSort sort) => sort switch
    {
        IssueSort.LastSeen => "lastSeen",
        IssueSort.FirstSeen => "firstSeen",
        IssueSort.Count => "count",
        IssueSort.Users => "users",
        _ => throw new ArgumentException($"there is no sort {sort}", nameof(sort)),
    };

    /// <summary>Every word, the last one as a beginning: a range, which goes by the index.</summary>
    private static void WriteWords(BsonWriter w, List<string> words)
    {
        foreach (var word in words.SkipLast(1))
        {
            using (w.Document(default))
                w.String("words"u8, word);
        }

        using (w.Document(default))
        using (w.Document("words"u8))
        using (w.Document("$elemMatch"u8))
        {
            w.String("$gte"u8, words[^1]);
            w.String("$lt"u8, words[^1] + '\uFFFF');
        }
    }

    private static void WriteAfter(BsonWriter w, byte[] field, IssueCursor cursor)
    {
        using (w.Document(default))
            w.Compare(field, "$lte"u8, cursor.Value);
        using (w.Document(default))
        using (w.Array("$or"u8))
        {
            using (w.Document(default))
                w.Compare(field, "$lt"u8, cursor.Value);
            using (w.Document(default))
                w.Compare("_id"u8, "$lt"u8, cursor.Id);
        }
    }
}
