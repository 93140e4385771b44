using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Web.Issues.Searching;
using ErrorPipeline.Web.Live;

namespace ErrorPipeline.Web.Issues;

/// <summary>Lists as read from the store, shared for a moment.</summary>
internal sealed class IssueLists(IErrorReader errors, LiveFeed feed, TimeProvider clock)
{
    private readonly SharedReads<IssueFilter, IssuePage> _reads = new(feed, clock);

    /// <param name="filter">As the address says it: equal ones are read once.</param>
    /// <param name="search">The same, understood.</param>
    /// <param name="cancel">Ends the wait.</param>
    public async Task<IssuePage> ReadAsync(IssueFilter filter, UnderstoodSearch search, CancellationToken cancel)
    {
        try
        {
            return await _reads.GetAsync(filter, _ => ReadAnewAsync(search), cancel);
        }
        catch (ArgumentException e)
        {
            throw new BadHttpRequestException(e.Message, e);
        }
    }

    /// <summary>For who has just changed something: what was read before it does not do.</summary>
    public async Task<IssuePage> ReadAnewAsync(UnderstoodSearch search) =>
        search.CanMatch ? await errors.ListIssuesAsync(search.Query, CancellationToken.None) : new([], null);
}
