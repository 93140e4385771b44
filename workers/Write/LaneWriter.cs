using System.Diagnostics;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Shared.Streams;

namespace ErrorPipeline.Workers.Write;

/// <summary>
/// Moves one lane's deltas into the store, in order. The cursor lives in the store and is checked there at every commit, so
/// whatever is repeated or crosses with another writer counts once. Nothing here is cancelled half way: calls are short.
/// </summary>
internal sealed class LaneWriter(Lane lane, WriterParts parts, ILogger log)
{
    private const int ReadAtOnce = 16;
    private const int MaxEntries = 64;
    private const int MaxBytes = 4 * 1024 * 1024;

    private readonly DeltaStream _stream = new(parts.Redis, lane);
    private long _token;
    private StreamId _cursor;
    private StreamId _begun;
    private bool _isTrimmed;
    private long _refusedEvents;
    private LaneDoubt? _doubt;

    /// <summary>Begins a time of leadership: only the store knows where it stands.</summary>
    public async Task StartAsync(long token)
    {
        _token = token;
        _cursor = await parts.Store.ReadCursorAsync(lane.Name, CancellationToken.None);
        _begun = await parts.Store.ReadBegunAsync(lane.Name, CancellationToken.None);
        _refusedEvents = await RefusedBeforeAsync();
        _isTrimmed = false;
    }

    /// <summary>Due at start and every few seconds: the floor, what an earlier failure left undone, and outcomes that wait.</summary>
    /// <returns>Whether there were outcomes: then more may be on their way, or wait for the next turn.</returns>
    public async Task<bool> MaintainAsync(DateTimeOffset now)
    {
        await PublishFloorAsync();
        if (_doubt is { } doubt)
        {
            var until = doubt.ToMs > 0 ? doubt.ToMs : now.ToUnixTimeMilliseconds();
            await parts.Store.FlagApproximateAsync(_token, lane.Name, doubt.FromMs, until, doubt.Reason, CancellationToken.None);
            await _stream.ForgetAsync(doubt);
            _doubt = null;
        }

        if (!_isTrimmed)
            await TrimAsync();
        return await _stream.DrainOutcomesAsync() > 0;
    }

    /// <summary>Commits what is waiting, within bounds.</summary>
    public async Task<Progress> ApplyAsync()
    {
        var (waiting, isAll) = await ReadAsync();
        var readable = DeltaReading.Deltas(waiting);
        NoteUnreadable(readable.Unreadable);
        if (readable.Entries.Count == 0)
            return Progress.None;

        Applied applied;
        _begun = readable.Entries[^1].Id;
        var started = Stopwatch.GetTimestamp();
        try
        {
            applied = await parts.Store.ApplyAsync(_token, lane.Name, _cursor, readable.Entries, CancellationToken.None);
        }
        catch (CursorMovedException moved)
        {
            WriterMetrics.CursorMoved.Add(1, new KeyValuePair<string, object?>("stream", lane.Name));
            _cursor = moved.Stored;
            _refusedEvents = await RefusedBeforeAsync();
            _isTrimmed = false;
            return Progress.More;
        }

        parts.Status.Commit(Stopwatch.GetElapsedTime(started));
        _cursor = readable.Entries[^1].Id;
        _isTrimmed = false;
        Note(readable.Entries, applied.Refused);
        await TrimAsync();
        await PublishFloorAsync();
        await Changes.PublishAsync(parts.Redis, applied.Changed);
        return isAll || readable.Unreadable is not null ? Progress.Some : Progress.More;
    }

    /// <summary>What the writer before refused of entries that it committed and did not trim.</summary>
    private async Task<long> RefusedBeforeAsync() =>
        await _stream.ReadAfterAsync(StreamId.Zero, 1) is [var first] && first.Id <= _cursor
            ? await parts.Store.CountRefusedAsync(lane.Name, first.Id, _cursor, CancellationToken.None)
            : 0;

    private async Task<(List<StreamEntry> Entries, bool IsAll)> ReadAsync()
    {
        var entries = new List<StreamEntry>();
        var after = _cursor;
        long bytes = 0;
        while ((entries.Count < MaxEntries && bytes < MaxBytes) || after < _begun)
        {
            var part = await _stream.ReadAfterAsync(after, ReadAtOnce);
            entries.AddRange(part);
            if (part.Count < ReadAtOnce)
                return (entries, true);
            bytes += part.Sum(e => (long)e.Data.Length);
            after = part[^1].Id;
        }

        return (entries, false);
    }

    private async Task TrimAsync()
    {
        await _stream.TrimAsync(_cursor, _refusedEvents);
        _refusedEvents = 0;
        _isTrimmed = true;
    }

    /// <summary>Behind what may be applied in part, too: ids that were applied are not given to others.</summary>
    private async Task PublishFloorAsync()
    {
        var floor = await _stream.PublishFloorAsync(_begun > _cursor ? _begun : _cursor);
        _doubt = floor.Doubt;
        if (floor.FellBack)
            WriterLog.RedisFellBack(log, lane.Name, floor.LastLeft.ToString(), _cursor.ToString());
    }

    private void NoteUnreadable(string? reason)
    {
        if (reason is null)
            parts.Status.Resume(lane.Deltas);
        else if (parts.Status.Stop(lane.Deltas, reason))
            WriterLog.Stopped(log, lane.Deltas, reason);
    }

    private void Note(IReadOnlyList<LaneEntry> entries, IReadOnlyList<RefusedDelta> refused)
    {
        var tag = new KeyValuePair<string, object?>("lane", lane.Name);
        WriterMetrics.Entries.Add(entries.Count, tag);
        WriterMetrics.Events.Add(entries.Sum(e => e.Batch.Issues.Sum(i => i.Count)), tag);
        foreach (var delta in refused)
        {
            _refusedEvents += delta.Delta.Count;
            WriterMetrics.Refused.Add(delta.Delta.Count, tag);
            WriterLog.Refused(log, lane.Name, delta.Delta.Count, delta.Reason);
        }
    }
}
