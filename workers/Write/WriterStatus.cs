using System.Collections.Concurrent;
using System.Diagnostics;

namespace ErrorPipeline.Workers.Write;

/// <summary>What the writer of this process is doing, for health, heartbeat and pages. Written by its loop alone.</summary>
internal sealed class WriterStatus
{
    /// <summary>In which an error is to be seen after it was thrown.</summary>
    private static readonly TimeSpan Promised = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan News = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, string> _stopped = new(StringComparer.Ordinal);
    private volatile string? _problem;
    private volatile bool _leading;
    private volatile LongCommit? _slow;

    /// <summary>False while another process leads and this one stands by.</summary>
    public bool IsLeading
    {
        get => _leading;
        set
        {
            _leading = value;
            WriterMetrics.Leading.Record(value ? 1 : 0);
            if (value)
                return;
            foreach (var stream in _stopped.Keys)
                Resume(stream);
        }
    }

    /// <summary>What keeps the writer from working now; null where nothing does.</summary>
    public string? Problem { get => _problem; set => _problem = value; }

    /// <summary>How long the latest commit took, where that was too long and is not long ago.</summary>
    public TimeSpan? SlowCommit => _slow is { } slow && Stopwatch.GetElapsedTime(slow.At) < News ? slow.Taken : null;

    /// <summary>Streams that wait for a newer build or a person, and why.</summary>
    public IReadOnlyDictionary<string, string> Stopped => _stopped;

    public void Commit(TimeSpan taken)
    {
        WriterMetrics.ApplySeconds.Record(taken.TotalSeconds);
        _slow = taken > Promised ? new(taken, Stopwatch.GetTimestamp()) : null;
    }

    /// <summary>True where that is news.</summary>
    public bool Stop(string stream, string reason)
    {
        var isNews = _stopped.TryAdd(stream, reason);
        WriterMetrics.StoppedStreams.Record(_stopped.Count);
        return isNews;
    }

    public void Resume(string stream)
    {
        if (_stopped.TryRemove(stream, out _))
            WriterMetrics.StoppedStreams.Record(_stopped.Count);
    }

    private sealed record LongCommit(TimeSpan Taken, long At);
}
