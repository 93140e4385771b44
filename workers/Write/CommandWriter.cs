using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Shared.Streams;

namespace ErrorPipeline.Workers.Write;

/// <summary>Applies what people asked for, between entries of deltas and never inside one. The store passes over an id it has applied.</summary>
internal sealed class CommandWriter(WriterParts parts, ILogger log)
{
    /// <summary>The store's name of this stream.</summary>
    private const string Stream = "commands";
    private const int MaxEntries = 64;

    private readonly CommandStream _stream = new(parts.Redis);
    private long _token;
    private StreamId _cursor;
    private bool _isTrimmed;

    public async Task StartAsync(long token)
    {
        _token = token;
        _cursor = await parts.Store.ReadCursorAsync(Stream, CancellationToken.None);
        _isTrimmed = false;
    }

    /// <summary>Commands lost with Redis are sent again by web's outbox; they only need ids after the cursor.</summary>
    public async Task MaintainAsync()
    {
        await _stream.RepairAsync(_cursor);
        if (!_isTrimmed)
            await TrimAsync();
    }

    public async Task<Progress> ApplyAsync()
    {
        var waiting = await _stream.ReadAfterAsync(_cursor, MaxEntries);
        var readable = DeltaReading.Commands(waiting);
        NoteUnreadable(readable.Unreadable);
        if (readable.Entries.Count == 0)
            return Progress.None;

        Applied applied;
        try
        {
            applied = await parts.Store.ApplyCommandsAsync(_token, _cursor, readable.Entries, CancellationToken.None);
        }
        catch (CursorMovedException moved)
        {
            WriterMetrics.CursorMoved.Add(1, new KeyValuePair<string, object?>("stream", Stream));
            _cursor = moved.Stored;
            return Progress.More;
        }

        _cursor = readable.Entries[^1].Id;
        _isTrimmed = false;
        await TrimAsync();
        await Changes.PublishAsync(parts.Redis, applied.Changed);
        return waiting.Count == MaxEntries && readable.Unreadable is null ? Progress.More : Progress.Some;
    }

    private async Task TrimAsync()
    {
        await _stream.TrimAsync(_cursor);
        _isTrimmed = true;
    }

    private void NoteUnreadable(string? reason)
    {
        if (reason is null)
            parts.Status.Resume(Lane.Commands);
        else if (parts.Status.Stop(Lane.Commands, reason))
            WriterLog.Stopped(log, Lane.Commands, reason);
    }
}
