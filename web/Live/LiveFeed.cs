using System.Text.Json;
using System.Threading.Channels;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Shared.Streams;

namespace ErrorPipeline.Web.Live;

/// <summary>
/// Tells open pages which issues changed. One subscription to Redis serves all of them; changes are gathered for a moment, so that a
/// flood of errors costs each page a few messages a second at most. A page that does not read fast enough loses messages, never memory:
/// what it shows is read from the store anyway.
/// </summary>
internal sealed class LiveFeed(RedisConnection redis, TimeProvider clock) : BackgroundService
{
    private const string Channel = "ep:changes";
    private const int MostIssues = 200;
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(250);
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly Lock _lock = new();
    private readonly HashSet<Channel<LiveChange>> _pages = [];
    private readonly Dictionary<long, IssueChange> _gathered = [];
    private readonly Channel<bool> _something =
        System.Threading.Channels.Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public int Pages
    {
        get
        {
            lock (_lock)
                return _pages.Count;
        }
    }

    public Channel<LiveChange> Open()
    {
        var page = System.Threading.Channels.Channel.CreateBounded<LiveChange>(
            new BoundedChannelOptions(4) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });
        lock (_lock)
            _pages.Add(page);
        return page;
    }

    public void Close(Channel<LiveChange> page)
    {
        lock (_lock)
            _pages.Remove(page);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await redis.SubscribeAsync(Channel, message => Take((string?)message));
        while (!stoppingToken.IsCancellationRequested)
        {
            await _something.Reader.ReadAsync(stoppingToken);
            await Task.Delay(Gather, clock, stoppingToken);
            Tell();
        }
    }

    private void Take(string? message)
    {
        IssueChange[] changes;
        try
        {
            changes = JsonSerializer.Deserialize<IssueChange[]>(message ?? "[]", Json) ?? [];
        }
        catch (JsonException)
        {
            return; // a newer writer: the next reload shows it
        }

        lock (_lock)
        {
            if (_pages.Count == 0)
                return;
            foreach (var change in changes)
                _gathered[change.IssueId] = change with { IsNew = change.IsNew || (_gathered.TryGetValue(change.IssueId, out var had) && had.IsNew) };
        }

        _something.Writer.TryWrite(true);
    }

    private void Tell()
    {
        lock (_lock)
        {
            if (_gathered.Count == 0)
                return;
            // Past the bound a page is told "something", not what: it then reads anew either way.
            var change = new LiveChange(
                _gathered.Count > MostIssues ? [] : [.. _gathered.Keys],
                [.. _gathered.Values.Select(c => c.ProjectId).Distinct()],
                _gathered.Values.Count(c => c.IsNew));
            _gathered.Clear();
            foreach (var page in _pages)
                page.Writer.TryWrite(change);
        }
    }
}

/// <param name="Issues">Ids of issues that changed; empty for "many".</param>
/// <param name="New">Number of issues that were made.</param>
internal sealed record LiveChange(IReadOnlyList<long> Issues, IReadOnlyList<int> Projects, int New);
