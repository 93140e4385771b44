using System.Text.Json;
using System.Threading.Channels;
using ErrorPipeline.Shared.SourceMaps;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Shared.Streams;

namespace ErrorPipeline.Web.SourceMaps.Fetching;

/// <summary>
/// For projects that switched it on: looks at the newest sample of issues that change, and fetches the maps of frames that were not resolved. Beside the
/// pipeline, which waits for nothing: a map that comes so is a map that came late. Each file of a release is asked for once, and again after some hours
/// where that failed.
/// </summary>
internal sealed partial class MapFetching(
    RedisConnection redis, IConfigStore config, IErrorReader errors, IArtifactStore artifacts, MapFetch fetch, TimeProvider clock, ILogger<MapFetching> log) : BackgroundService
{
    private const string Changes = "ep:changes";
    private const int MostWaiting = 1_000;
    private const int MostRemembered = 2_000;
    private const int FilesOfASample = 10;
    private static readonly TimeSpan Again = TimeSpan.FromHours(6);
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private const int MostShown = 10;

    private readonly Lock _lock = new();
    private readonly Queue<FetchResult> _results = [];
    private readonly Channel<IssueChange> _changed = Channel.CreateBounded<IssueChange>(new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropOldest });
    private readonly Dictionary<(int Project, string Release, string File), DateTimeOffset> _asked = [];

    /// <summary>A project's newest, since this process started.</summary>
    public IReadOnlyList<FetchResult> Results(int project)
    {
        lock (_lock)
            return [.. _results.Where(result => result.Project == project).Reverse().Take(MostShown)];
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await redis.SubscribeAsync(Changes, message => Take((string?)message));
        while (await _changed.Reader.WaitToReadAsync(stoppingToken))
        {
            var changes = new HashSet<IssueChange>();
            while (_changed.Reader.TryRead(out var change))
                changes.Add(change);
            foreach (var project in changes.GroupBy(change => change.ProjectId))
                await LookAsync(project.Key, project, stoppingToken);
        }
    }

    private async Task LookAsync(int project, IEnumerable<IssueChange> changes, CancellationToken cancel)
    {
        try
        {
            if ((await config.GetProjectAsync(project, cancel))?.Policy.FetchOrigins is not { Count: > 0 } origins)
                return;
            foreach (var change in changes)
                await LookAsync(change, origins, cancel);
        }
        catch (Exception e) when (e is StoreUnavailableException or StoreCorruptException)
        {
            LogNotNow(e.Message);
        }
    }

    private void Take(string? message)
    {
        try
        {
            foreach (var change in JsonSerializer.Deserialize<IssueChange[]>(message ?? "[]", Json) ?? [])
                _changed.Writer.TryWrite(change);
        }
        catch (JsonException)
        {
            // A newer writer's form: the next change may be readable.
        }
    }

    private async Task LookAsync(IssueChange change, IReadOnlyList<string> origins, CancellationToken cancel)
    {
        if (await errors.GetIssueAsync(change.ProjectId, change.IssueId, cancel) is not { LatestEventId: { } latest }
            || await errors.GetEventAsync(change.ProjectId, latest, cancel) is not { Context.Release: { Length: > 0 } release } sample)
            return;
        var files = sample.Error.Causes.Prepend(sample.Error).SelectMany(error => error.Frames)
            .Where(frame => frame is { Generated: null, InApp: true, File: not null }).Select(frame => frame.File!).Distinct(StringComparer.Ordinal).Take(FilesOfASample);
        foreach (var file in files)
        {
            if (Uri.TryCreate(file, UriKind.Absolute, out var address) && FetchOrigins.Allows(origins, address) && IsNew(change.ProjectId, release, file)
                && (await artifacts.MatchAsync([new(change.ProjectId, release, file)], cancel))[0].MapHash is null)
                await FetchAsync(change.ProjectId, release, address, origins, cancel);
        }
    }

    private async Task FetchAsync(int project, string release, Uri address, IReadOnlyList<string> origins, CancellationToken cancel)
    {
        try
        {
            await fetch.RunAsync(project, release, address, asked => FetchOrigins.Allows(origins, asked), cancel);
            LogFetched(project);
            Remember(new(project, address.GetLeftPart(UriPartial.Path), clock.GetUtcNow().ToUnixTimeMilliseconds(), null));
        }
        catch (Exception e) when (e is ArtifactRefusedException or SourceMapException)
        {
            LogNotFetched(project, e.GetType().Name);
            Remember(new(project, address.GetLeftPart(UriPartial.Path), clock.GetUtcNow().ToUnixTimeMilliseconds(), e.Message));
        }
    }

    private void Remember(FetchResult result)
    {
        lock (_lock)
        {
            _results.Enqueue(result);
            if (_results.Count > MostRemembered)
                _results.Dequeue();
        }
    }

    private bool IsNew(int project, string release, string file)
    {
        var now = clock.GetUtcNow();
        if (_asked.TryGetValue((project, release, file), out var before) && before + Again > now)
            return false;
        if (_asked.Count >= MostRemembered)
        {
            foreach (var old in _asked.OrderBy(asked => asked.Value).Take(MostRemembered / 2).Select(asked => asked.Key).ToList())
                _asked.Remove(old);
        }

        _asked[(project, release, file)] = now;
        return true;
    }

    [LoggerMessage(3211, LogLevel.Information, "a source map of project {Project} was fetched from its site")]
    private partial void LogFetched(int project);

    [LoggerMessage(3212, LogLevel.Information, "a source map of project {Project} was not fetched: {Kind}; its page says more")]
    private partial void LogNotFetched(int project, string kind);

    [LoggerMessage(3213, LogLevel.Warning, "no source maps are fetched now: {Reason}")]
    private partial void LogNotNow(string reason);
}

/// <param name="At">ms since 1970 UTC.</param>
/// <param name="Problem">Null where the map was fetched.</param>
public sealed record FetchResult(int Project, string File, long At, string? Problem);
