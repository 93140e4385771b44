using System.Text.Json;
using System.Threading.Channels;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Shared.Streams;

namespace ErrorPipeline.Web.Live;

/// <summary>
/// Tells open pages which issues changed. One subscription to Redis serves all of them; the changes of a project, and those of all together, are
/// gathered for a moment, written once, and the same bytes go to each page that shows any of them: a flood of errors costs a page one message a
/// second, and another project's flood costs it nothing, time neither. A page that does not read fast enough loses messages, never memory: what it
/// shows is read from the store anyway.
/// </summary>
internal sealed class LiveFeed(RedisConnection redis, TimeProvider clock) : BackgroundService
{
    private const string Channel = "ep:changes";
    private const int MostIssues = 200;

    /// <summary>As long as a page waits between two readings: to be told more often would serve nobody.</summary>
    private static readonly TimeSpan Gather = TimeSpan.FromSeconds(1);

    /// <summary>How late a project's change may be because of others'.</summary>
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);

    /// <summary>In the place of a project's number: for pages that show all of them.</summary>
    private const int All = 0;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly Lock _lock = new();
    private readonly HashSet<LivePage> _pages = [];
    private readonly Dictionary<int, Gathered> _gathered = [];
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
            await _something.Reader.ReadAsync(stoppingToken);
            while (TellWhoIsDue())
                await Task.Delay(Step, clock, stoppingToken);
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
            {
                Of(All).Add(change);
                Of(change.ProjectId).Add(change);
            }
        }

        _something.Writer.TryWrite(true);
    }

    private Gathered Of(int project) =>
        _gathered.TryGetValue(project, out var gathered) ? gathered : _gathered[project] = new();

    /// <summary>The first change after a quiet while is told at once, what follows it is gathered. False where nothing waits any more.</summary>
    private bool TellWhoIsDue()
    {
        lock (_lock)
        {
            var waits = false;
            foreach (var (project, gathered) in _gathered)
            {
                if (gathered.Changes.Count == 0)
                    continue;
                if (gathered.ToldAt is not { } at || clock.GetElapsedTime(at) >= Gather)
                    Tell(project, gathered);
                else
                    waits = true;
            }

            return waits;
        }
    }

    private void Tell(int project, Gathered gathered)
    {
        // Past the bound a page is told "something", not what: it then reads anew either way.
        var change = new LiveChange(
            gathered.Changes.Count > MostIssues ? [] : [.. gathered.Changes.Keys],
            [.. gathered.Changes.Values.Select(c => c.ProjectId).Distinct()],
            gathered.Changes.Values.Count(c => c.IsNew));
        gathered.Changes.Clear();
        gathered.ToldAt = clock.GetTimestamp();
        _version++;
        var told = _pages.Where(page => (page.Interest.Project ?? All) == project && page.Interest.IsIn(change)).ToList();
        if (told.Count == 0)
            return;
        var message = LiveMessage.Of("changes", JsonSerializer.SerializeToUtf8Bytes(change, Json));
        foreach (var page in told)
            page.Messages.Writer.TryWrite(message);
    }

    private sealed class Gathered
    {
        public Dictionary<long, IssueChange> Changes { get; } = [];

        /// <summary>A timestamp of the clock; null before the first telling.</summary>
        public long? ToldAt { get; set; }

        public void Add(IssueChange change) =>
            Changes[change.IssueId] = change with { IsNew = change.IsNew || (Changes.TryGetValue(change.IssueId, out var had) && had.IsNew) };
    }
}

/// <param name="Issues">Ids of issues that changed; empty for "many".</param>
/// <param name="New">Number of issues that were made.</param>
internal sealed record LiveChange(IReadOnlyList<long> Issues, IReadOnlyList<int> Projects, int New);
