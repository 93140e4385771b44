using System.Text.Json;
using System.Threading.Channels;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Shared.Streams;

namespace ErrorPipeline.Web.Live;

/// <summary>
/// Tells open pages which issues changed. One subscription to Redis serves all of them; changes are gathered for a moment, written once,
/// and the same bytes go to each page that shows any of them: a flood of errors costs a page one message a second. A page that
/// does not read fast enough loses messages, never memory: what it shows is read from the store anyway.
/// </summary>
internal sealed class LiveFeed(RedisConnection redis, TimeProvider clock) : BackgroundService
{
    private const string Channel = "ep:changes";
    private const int MostIssues = 200;

    /// <summary>As long as a page waits between two readings: to be told more often would serve nobody.</summary>
    private static readonly TimeSpan Gather = TimeSpan.FromSeconds(1);

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly Lock _lock = new();
    private readonly HashSet<LivePage> _pages = [];
    private readonly Dictionary<long, IssueChange> _gathered = [];
    private long _version;
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

    /// <summary>Another one after every telling: what was read under an older one may be old.</summary>
    public long Version => Volatile.Read(ref _version);

    public LivePage Open(LiveInterest interest)
    {
        var page = new LivePage(interest);
        lock (_lock)
            _pages.Add(page);
        return page;
    }

    public void Close(LivePage page)
    {
        lock (_lock)
            _pages.Remove(page);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await redis.SubscribeAsync(Channel, message => Take((string?)message));
        while (!stoppingToken.IsCancellationRequested)
        {
            // The first change after a quiet while is told at once, what follows it is gathered.
            await _something.Reader.ReadAsync(stoppingToken);
            Tell();
            await Task.Delay(Gather, clock, stoppingToken);
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
            _version++;
            var message = LiveMessage.Of("changes", JsonSerializer.SerializeToUtf8Bytes(change, Json));
            foreach (var page in _pages)
            {
                if (page.Interest.IsIn(change))
                    page.Messages.Writer.TryWrite(message);
            }
        }
    }
}

/// <param name="Issues">Ids of issues that changed; empty for "many".</param>
/// <param name="New">Number of issues that were made.</param>
internal sealed record LiveChange(IReadOnlyList<long> Issues, IReadOnlyList<int> Projects, int New);
