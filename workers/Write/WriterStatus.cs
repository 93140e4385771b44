using System.Collections.Concurrent;

namespace ErrorPipeline.Workers.Write;

/// <summary>What the writer of this process is doing, for health, heartbeat and pages. Written by its loop alone.</summary>
internal sealed class WriterStatus
{
    private readonly ConcurrentDictionary<string, string> _stopped = new(StringComparer.Ordinal);
    private volatile string? _problem;
    private volatile bool _leading;

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

    /// <summary>Streams that wait for a newer build or a person, and why.</summary>
    public IReadOnlyDictionary<string, string> Stopped => _stopped;

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
}
