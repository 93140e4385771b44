using System.Diagnostics;
using ErrorPipeline.Shared.Hosting;
using Microsoft.Extensions.Options;

namespace ErrorPipeline.Collector.Spool;

/// <summary>
/// Makes events durable. Group commit: the first that waits starts a write and fsync on this log's own thread, everyone who
/// arrives meanwhile shares the next. What is answered <see cref="AppendResult.Durable"/> survives kill -9 and a power cut.
/// After a failure of the disk the segment is given up and the next one belongs to a new producer, so that no sequence is
/// ever used for two events.
/// </summary>
internal sealed class WriteAheadLog : IDisposable
{
    private static readonly TimeSpan ProbeEvery = TimeSpan.FromSeconds(1);
    private static readonly Task<AppendResult> Full = Task.FromResult(AppendResult.Full);
    private static readonly Task<AppendResult> Failing = Task.FromResult(AppendResult.Failing);

    private readonly object _gate = new();
    private readonly SpoolOptions _options;
    private readonly SegmentWriter _writer;
    private readonly ILogger _logger;
    private readonly Thread _thread;
    private CommitGroup _open = new();
    private CommitGroup _spare = new();
    private int _inFlight;
    private bool _stopping;
    private AppendResult? _trouble;

    public WriteAheadLog(
        IOptions<SpoolOptions> options, IOptions<PipelineOptions> pipeline, TimeProvider time, ILogger<WriteAheadLog> logger, Disk disk)
    {
        _options = options.Value;
        _logger = logger;
        var path = _options.LogDirectory is { Length: > 0 } given ? given : Path.Combine(pipeline.Value.DataDirectory, "collector");
        Folder = new(Path.GetFullPath(path), logger);
        SpoolLog.Opened(logger, Folder.Path, Folder.Segments.Length, Folder.Bytes);
        _writer = new(Folder, _options.LogSegmentBytes, disk, time);
        _thread = new(Run) { Name = "log commit", IsBackground = true };
        _thread.Start();
    }

    public SegmentFolder Folder { get; }

    /// <summary>Why nothing can be appended now; null while all is well.</summary>
    public AppendResult? Trouble
    {
        get
        {
            lock (_gate)
                return _trouble ?? (HasRoom() ? null : AppendResult.Full);
        }
    }

    /// <summary>Runs after every group on the committing thread; must be quick.</summary>
    public Action Appended { get; set; } = static () => { };

    /// <summary>All of the records or none. The records are copied before this returns.</summary>
    public Task<AppendResult> AppendAsync(ReadOnlySpan<NewRecord> records)
    {
        lock (_gate)
        {
            if (IsRefused(out var refused))
                return refused;
            foreach (ref readonly var record in records)
                _open.Add(record);
            return Wake();
        }
    }

    /// <summary>Counts of the edge, which travel like events so that they arrive exactly once.</summary>
    public Task<AppendResult> AppendOutcomesAsync(ReadOnlySpan<byte> body, int lane, long at)
    {
        lock (_gate)
        {
            if (IsRefused(out var refused))
                return refused;
            _open.AddOutcomes(body, lane, at);
            return Wake();
        }
    }

    /// <summary>Commits what waits, then ends. Later appends are refused.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _stopping = true;
            Monitor.Pulse(_gate);
        }

        _thread.Join();
        _writer.Dispose();
        Folder.Dispose();
    }

    private bool IsRefused(out Task<AppendResult> refused)
    {
        var failing = _stopping || _trouble == AppendResult.Failing || _open.Bytes > _options.LogPendingBytes;
        refused = failing ? Failing : Full;
        return failing || _trouble is not null || !HasRoom();
    }

    private bool HasRoom() => Folder.Bytes + _inFlight + _open.Bytes < _options.LogBudgetBytes;

    private Task<AppendResult> Wake()
    {
        Monitor.Pulse(_gate);
        return Guard.Holds(Guard.Commit) ? _open.Done.Task : Task.FromResult(AppendResult.Durable);
    }

    private void Run()
    {
        Probe();
        while (Next() is { } group)
        {
            if (group.Bytes > 0)
                Commit(group);
            else
                Probe();
        }
    }

    /// <summary>The group to commit; an empty one when it is time to probe a failing disk; null at the end.</summary>
    private CommitGroup? Next()
    {
        lock (_gate)
        {
            while (_open.Bytes == 0 && !_stopping)
            {
                if (_trouble is null)
                    Monitor.Wait(_gate);
                else if (!Monitor.Wait(_gate, ProbeEvery))
                    break;
            }

            if (_open.Bytes == 0 && _stopping)
                return null;
            (_open, _spare) = (_spare, _open);
            _inFlight = _spare.Bytes;
            return _spare;
        }
    }

    private void Commit(CommitGroup group)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            _writer.Write(group.Written);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Fail(e);
            End(group, ResultOf(e));
            return;
        }

        SpoolMetrics.FlushSeconds.Record(Stopwatch.GetElapsedTime(started).TotalSeconds);
        SpoolMetrics.Commits.Add(1);
        End(group, AppendResult.Durable);
        Appended();
    }

    private void End(CommitGroup group, AppendResult result)
    {
        var done = group.Done;
        group.Reset();
        lock (_gate)
            _inFlight = 0;
        done.SetResult(result);
    }

    private void Fail(Exception why)
    {
        _writer.GiveUp();
        SpoolMetrics.Failures.Add(1);
        lock (_gate)
        {
            if (_trouble is null)
                SpoolLog.Failing(_logger, why, Folder.Path);
            _trouble = ResultOf(why);
            // They would be written behind the failure: their senders had better hear it now.
            _open.Done.SetResult(_trouble.Value);
            _open.Reset();
        }
    }

    /// <summary>Opens a segment where there is none: at the start, and once a second while the disk fails.</summary>
    private void Probe()
    {
        try
        {
            _writer.Open();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Fail(e);
            return;
        }

        lock (_gate)
        {
            if (_trouble is not null)
                SpoolLog.Recovered(_logger, Folder.Path);
            _trouble = null;
        }
    }

    /// <summary>ENOSPC and EDQUOT of errno.h: the disk is full rather than broken.</summary>
    private static AppendResult ResultOf(Exception why) => why.HResult is 28 or 122 ? AppendResult.Full : AppendResult.Failing;
}
