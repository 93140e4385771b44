using System.Collections.Concurrent;
using ErrorPipeline.Shared.Storage;

namespace ErrorPipeline.Web.Issues;

/// <summary>
/// Lists as read from the store, shared for a moment: when an error storm makes a hundred open pages ask for the same list, the
/// store is asked once. Short enough that nobody sees it.
/// </summary>
internal sealed class IssueLists(IErrorReader errors, TimeProvider clock)
{
    private const int MostKept = 200;
    private static readonly TimeSpan Fresh = TimeSpan.FromMilliseconds(400);

    private readonly ConcurrentDictionary<IssueFilter, Kept> _kept = new();

    public async Task<IssuePage> ReadAsync(IssueFilter filter, CancellationToken cancel)
    {
        try
        {
            return await PageOf(filter).WaitAsync(cancel);
        }
        catch (StoreUnavailableException)
        {
            _kept.TryRemove(filter, out _);
            throw;
        }
        catch (ArgumentException e)
        {
            throw new BadHttpRequestException(e.Message, e);
        }
    }

    private Task<IssuePage> PageOf(IssueFilter filter)
    {
        var now = clock.GetUtcNow();
        if (_kept.TryGetValue(filter, out var kept) && now - kept.At < Fresh)
            return kept.Page;
        if (_kept.Count >= MostKept)
            _kept.Clear();
        // Not bound to this request: others may be waiting for it too.
        var page = errors.ListIssuesAsync(filter.ToQuery(now), CancellationToken.None);
        _kept[filter] = new(now, page);
        return page;
    }

    private sealed record Kept(DateTimeOffset At, Task<IssuePage> Page);
}
