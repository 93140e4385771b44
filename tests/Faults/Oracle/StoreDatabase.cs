using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Shared.Storage.Mongo;

namespace ErrorPipeline.Faults.Oracle;

/// <summary>What is stored in a MongoDB database, read beside the apps, and past every proxy between them and the server.</summary>
/// <param name="uri">Of the database.</param>
internal sealed class StoreDatabase(string uri) : Store
{
    private readonly MongoErrorReader _reader = new(new() { Uri = $"{uri}{(uri.Contains('?', StringComparison.Ordinal) ? '&' : '?')}serverSelectionTimeoutMS=500", ReadClients = 2 });

    public override long Events => Rows(null).Sum(row => row.Count);

    public override long FirstSeen => Rows(null).Select(row => row.FirstSeen).DefaultIfEmpty(0).Min();

    public override long LastSeen => Rows(null).Select(row => row.LastSeen).DefaultIfEmpty(0).Max();

    public override IReadOnlyList<(string Lane, long FromMs, long ToMs, string Reason)> Approximate =>
        [.. (Ask(_reader.ListApproximateAsync(100, default)) ?? []).Select(one => (one.Lane, one.FromMs, one.ToMs, one.Reason))];

    /// <summary>While a merge is taken back an issue has no title for a moment.</summary>
    public override IReadOnlyDictionary<string, (long Count, long Users)> Issues(int project) =>
        Rows(project).Where(row => row.Title.Length > 0).ToDictionary(row => row.Title, row => (row.Count, row.Users));

    public override void Dispose() => _reader.DisposeAsync().AsTask().GetAwaiter().GetResult();

    private List<IssueRow> Rows(int? project)
    {
        List<IssueRow> rows = [];
        string? after = null;
        do
        {
            if (Ask(_reader.ListIssuesAsync(new() { ProjectId = project, Limit = 100, TrendHours = 0, NowHour = 0, Sort = IssueSort.FirstSeen, After = after }, default)) is not { } page)
                return [];
            rows.AddRange(page.Rows);
            after = page.Next;
        }
        while (after is not null);
        return rows;
    }

    private static T? Ask<T>(Task<T> question)
        where T : class
    {
        try
        {
            return question.GetAwaiter().GetResult();
        }
        catch (StoreUnavailableException)
        {
            return null;
        }
    }
}
