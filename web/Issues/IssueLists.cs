using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Web.Issues.Searching;
using ErrorPipeline.Web.Live;

namespace ErrorPipeline.Web.Issues;

/// <summary>Lists as read from the store, shared for a moment.</summary>
internal sealed class IssueLists(IErrorReader errors, IssueSearch searches, LiveFeed feed, TimeProvider clock)
{
    private readonly SharedReads<IssueFilter, IssuePage> _reads = new(feed, clock);

    public async Task<IssuePage> ReadAsync(IssueFilter filter, CancellationToken cancel)
    {
        try
        {
            return await _reads.GetAsync(filter, _ => AskAsync(filter), cancel);
        }
        catch (ArgumentException e)
        {
            throw new BadHttpRequestException(e.Message, e);
        }
    }

    /// <summary>For who has just changed something: what was read before it does not do.</summary>
    public Task<IssuePage> ReadAnewAsync(IssueFilter filter) => AskAsync(filter);

    private async Task<IssuePage> AskAsync(IssueFilter filter)
    {
        var search = await searches.ReadAsync(filter, CancellationToken.None);
        return search.CanMatch ? await errors.ListIssuesAsync(search.Query, CancellationToken.None) : new([], null);
    }
}
