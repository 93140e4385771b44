using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Web.Live;

namespace ErrorPipeline.Web.Issues;

/// <summary>Lists as read from the store, shared for a moment.</summary>
internal sealed class IssueLists(IErrorReader errors, LiveFeed feed, TimeProvider clock)
{
    private readonly SharedReads<IssueFilter, IssuePage> _reads = new(feed, clock);

    public async Task<IssuePage> ReadAsync(IssueFilter filter, CancellationToken cancel)
    {
        try
        {
            return await _reads.GetAsync(filter, now => errors.ListIssuesAsync(filter.ToQuery(now), CancellationToken.None), cancel);
        }
        catch (ArgumentException e)
        {
            throw new BadHttpRequestException(e.Message, e);
        }
    }
}
