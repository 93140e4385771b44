using System.Collections.Concurrent;
using System.Threading.Channels;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Hosting;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Shared.Streams;
using ErrorPipeline.Web.Commands;
using ErrorPipeline.Web.Pipeline;
using ErrorPipeline.Web.Settings;
using Microsoft.Extensions.Options;

namespace ErrorPipeline.Web.Privacy;

/// <summary>
/// Erases persons: their hash goes to the workers first, so that nothing more of them is stored, replayed logs and dead letters included; then
/// what is stored goes, by commands to the writer. When nothing received before can be on its way any more, the store is walked once more.
/// </summary>
internal sealed partial class Erasures(
    IConfigStore config, IErrorReader errors, PersonFinder finder, CommandOutbox outbox, DeadLetters dead, PipelineReader pipeline, ConfigPush push, IOptions<PipelineOptions> options,
    TimeProvider clock, ILogger<Erasures> log) : BackgroundService
{
    private const int EventsACommand = 500;
    private const int FingerprintsACommand = 200;
    private const int MostOpen = 1_000;
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(5);

    /// <summary>Workers hear of it at once, or, where the announcement is lost, when they look again.</summary>
    private static readonly TimeSpan Heard = TimeSpan.FromSeconds(15);

    /// <summary>By the journal's entry, until it is done. Names are kept nowhere else, so a restart forgets them: then the hash alone finishes.</summary>
    private readonly ConcurrentDictionary<string, Person> _persons = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DateTimeOffset> _clear = new(StringComparer.Ordinal);
    private readonly Channel<bool> _added = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public async Task<Erasure> AddAsync(int project, Person person, string? by, CancellationToken cancel)
    {
        var erasure = new Erasure(Guid.NewGuid().ToString("n"), project, person.Hash, person.Kind, clock.GetUtcNow().ToUnixTimeMilliseconds(), by, 0, 0, null);
        await config.AddErasureAsync(erasure, cancel);
        push.Changed();
        _persons[erasure.Id] = person;
        erasure = await EraseAsync(erasure, person, cancel);
        await config.NoteErasureAsync(erasure, cancel);
        _added.Writer.TryWrite(true);
        LogErased(project, erasure.Kind, erasure.Events, erasure.Letters);
        return erasure;
    }

    /// <summary>One event that is kept whole, with what was said of it.</summary>
    public Task<bool> DeleteEventAsync(int project, string eventId, string? by, CancellationToken cancel) =>
        outbox.AddAsync(CommandKind.Erase, 0, by, cancel, command => command with { ProjectId = project, Events = [eventId] });

    /// <summary>Finishes what can be finished now; how many are left.</summary>
    public async Task<int> FinishAsync(CancellationToken cancel)
    {
        var open = (await config.ListErasuresAsync(null, MostOpen, cancel)).Where(e => e.DoneAt is null).ToList();
        if (open.Count == 0)
            return 0;
        var (now, oldest) = (clock.GetUtcNow(), await OldestOnItsWayAsync(cancel));
        var ready = open.Where(e => HasPassed(e, oldest, now)).ToList();
        foreach (var erasure in ready)
        {
            _clear.Remove(erasure.Id);
            var gone = await EraseAsync(erasure, _persons.GetValueOrDefault(erasure.Id) ?? await finder.PersonAsync(erasure, cancel), cancel);
            _persons.TryRemove(erasure.Id, out _);
            await config.NoteErasureAsync(gone with { DoneAt = clock.GetUtcNow().ToUnixTimeMilliseconds() }, cancel);
        }

        return open.Count - ready.Count;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var left = 1;
            try
            {
                left = await FinishAsync(stoppingToken);
            }
            catch (Exception e) when (e is RedisUnavailableException or StoreUnavailableException)
            {
                LogNotNow(e.Message);
            }

            if (left == 0)
                await _added.Reader.ReadAsync(stoppingToken);
            await Task.Delay(Look, clock, stoppingToken);
        }
    }

    /// <summary>
    /// Queues tell how long their entries have been in them. When all are younger than what workers heard, nothing unheard is before normalize or just
    /// behind it; and when all are younger than that moment, what was in the last queue then is stored too.
    /// </summary>
    private bool HasPassed(Erasure erasure, DateTimeOffset oldest, DateTimeOffset now)
    {
        if (DateTimeOffset.FromUnixTimeMilliseconds(erasure.At) + Heard >= oldest)
            return false;
        if (_clear.TryGetValue(erasure.Id, out var since))
            return since < oldest;
        _clear[erasure.Id] = now;
        return false;
    }

    /// <summary>Takes away what is stored now.</summary>
    private async Task<Erasure> EraseAsync(Erasure erasure, Person person, CancellationToken cancel)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var sample in finder.EventsAsync(erasure.ProjectId, person, cancel))
        {
            if (sample.Occurrence.ReceivedAt <= erasure.At)
                found.Add(sample.EventId);
        }

        await foreach (var words in finder.WordsAsync(erasure.ProjectId, person, cancel))
            found.Add(words.EventId);
        // Once for the user's rows, where there are no events.
        foreach (var (events, first) in found.Count == 0 ? [([], true)] : found.Chunk(EventsACommand).Select((chunk, n) => (chunk, n == 0)))
        {
            if (events.Length > 0 || person.Keys.Count > 0)
                await outbox.AddAsync(CommandKind.Erase, 0, erasure.By, cancel, command => command with { ProjectId = erasure.ProjectId, Events = events, Users = first ? person.Keys : [] });
        }

        if (person.Name is { } name)
            await EraseTextsAsync(erasure, name, cancel);
        return erasure with { Events = erasure.Events + found.Count, Letters = erasure.Letters + await DropLettersAsync(erasure.ProjectId, person) };
    }

    /// <summary>Titles, words of search, values of facets. Once for what is counted by project, where no fingerprint names it.</summary>
    private async Task EraseTextsAsync(Erasure erasure, string name, CancellationToken cancel)
    {
        var mentions = await errors.FindMentionsAsync(erasure.ProjectId, name, cancel);
        foreach (var some in mentions.Count == 0 ? [[]] : mentions.Chunk(FingerprintsACommand))
            await outbox.AddAsync(CommandKind.Erase, 0, erasure.By, cancel, command => command with { ProjectId = erasure.ProjectId, Fingerprints = some, Text = name });
    }

    private async Task<long> DropLettersAsync(int project, Person person)
    {
        var dropped = 0L;
        await foreach (var letter in dead.FindAsync(Lane.All(options.Value.Lanes), new(ProjectId: project)))
        {
            if (person.Owns(letter.Letter.Payload.Data) && await dead.DropAsync(letter.Lane, letter.Id))
                dropped++;
        }

        return dropped;
    }

    /// <summary>When the oldest event came that is not stored yet: in a queue, or in a collector's log.</summary>
    private async Task<DateTimeOffset> OldestOnItsWayAsync(CancellationToken cancel)
    {
        var state = await pipeline.ReadAsync(cancel);
        if (state.RedisProblem is not null)
            return DateTimeOffset.MinValue;
        var queued = state.Lanes.SelectMany(l => l.Streams).Where(s => s.Events > 0).Select(s => s.OldestSeconds).DefaultIfEmpty().Max();
        var logged = state.Processes.Select(p => Flow.Number(p, "oldestUnforwardedSeconds")).DefaultIfEmpty().Max();
        return clock.GetUtcNow().AddSeconds(-Math.Max(queued, logged));
    }

    [LoggerMessage(3301, LogLevel.Information, "a person of project {Project}, named by {Kind}, is erased: {Events} events and {Letters} dead letters so far")]
    private partial void LogErased(int project, string kind, long events, long letters);

    [LoggerMessage(3302, LogLevel.Warning, "erasures are not finished now: {Reason}")]
    private partial void LogNotNow(string reason);
}
