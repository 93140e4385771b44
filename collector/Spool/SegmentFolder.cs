using Microsoft.Extensions.Options;

namespace ErrorPipeline.Collector.Spool;

/// <summary>The segments of a log, oldest first, and the folder that holds them. Only one process at a time has it.</summary>
internal sealed class SegmentFolder : IDisposable
{
    private readonly Lock _gate = new();
    private readonly FileStream _lock;
    private volatile Segment[] _segments = [];
    private long _closedBytes;

    public SegmentFolder(string path, ILogger logger)
    {
        Path = path;
        try
        {
            Directory.CreateDirectory(path);
            _lock = new(System.IO.Path.Combine(path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OptionsValidationException(nameof(SpoolOptions), typeof(SpoolOptions), [
                $"ERRORPIPELINE_COLLECTOR__LOGDIRECTORY is {path}: it must be a folder that this collector can write to and no other collector uses ({e.Message})"]);
        }

        Recover(logger);
    }

    public string Path { get; }

    /// <summary>A snapshot, oldest first.</summary>
    public Segment[] Segments => _segments;

    /// <summary>What is durable, in bytes of files.</summary>
    public long Bytes
    {
        get
        {
            var segments = _segments;
            return Interlocked.Read(ref _closedBytes) + (segments is [.., { IsClosed: false } open] ? open.DurableBytes : 0);
        }
    }

    public void Add(Segment segment)
    {
        lock (_gate)
            _segments = [.. _segments, segment];
    }

    public void Close(Segment segment)
    {
        lock (_gate)
        {
            segment.IsClosed = true;
            Interlocked.Add(ref _closedBytes, segment.DurableBytes);
        }
    }

    /// <summary>Removes a closed segment and its file. Whoever reads it may finish.</summary>
    public void Delete(Segment segment)
    {
        lock (_gate)
        {
            File.Delete(segment.Path);
            _segments = Array.FindAll(_segments, s => s != segment);
            Interlocked.Add(ref _closedBytes, -segment.DurableBytes);
        }
    }

    public void Dispose() => _lock.Dispose();

    private void Recover(ILogger logger)
    {
        var producers = new Dictionary<Guid, Producer>();
        foreach (var path in Directory.GetFiles(Path, "*.log").Order(StringComparer.Ordinal))
        {
            var found = SegmentRecovery.Recover(path, (id, bornAt) =>
                producers.TryGetValue(id, out var known) ? known : producers[id] = new(id, bornAt));
            if (found is null)
            {
                SetAside(path, logger);
                continue;
            }

            if (found.TornBytes > 0)
            {
                SpoolLog.TornTail(logger, found.TornBytes, path);
                SpoolMetrics.TornTails.Add(1);
            }

            if (found.DamagedBytes > 0)
            {
                SpoolLog.Damaged(logger, found.DamagedBytes, path);
                SpoolMetrics.DamagedBytes.Add(found.DamagedBytes);
            }

            Add(found.Segment);
            Close(found.Segment);
        }
    }

    private static void SetAside(string path, ILogger logger)
    {
        var length = new FileInfo(path).Length;
        if (length <= SegmentHeader.Bytes)
        {
            // A crash between making the file and its first record.
            File.Delete(path);
            return;
        }

        File.Move(path, path + ".damaged", overwrite: true);
        SpoolLog.Damaged(logger, length, path);
        SpoolMetrics.DamagedBytes.Add(length);
    }
}
