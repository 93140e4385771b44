using ErrorPipeline.Shared.Hosting;

namespace ErrorPipeline.Shared.Locking;

internal sealed class RedLock(IReadOnlyList<RedLockInstance> instances, string resource, TimeSpan expiry, TimeProvider time) : IRedLock
{
    /// <summary>Clocks of different machines run at slightly different speeds: Redlock's allowance.</summary>
    private const double ClockDrift = 0.01;

    private readonly CancellationTokenSource _lost = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly string _id = Guid.NewGuid().ToString("N");
    private Task _extending = Task.CompletedTask;
    private long _validFrom;
    private TimeSpan _validity;
    private int _disposed;

    public string Resource => resource;

    public string LockId => _id;

    public RedLockStatus Status { get; private set; } = RedLockStatus.Unlocked;

    public bool IsAcquired => Status == RedLockStatus.Acquired && time.GetElapsedTime(_validFrom) < _validity;

    public long Token { get; private set; }

    public int ExtendCount { get; private set; }

    public CancellationToken Lost => _lost.Token;

    private int Quorum => instances.Count / 2 + 1;

    public async Task AcquireAsync()
    {
        var started = time.GetTimestamp();
        var tokens = await Task.WhenAll(instances.Select(i => i.AcquireAsync(resource, _id, expiry)));
        var token = tokens.Max() ?? 0;
        var held = tokens.Count(t => t > 0);
        if (held >= Quorum && instances.Count > 1)
        {
            // Any later majority shares a server with this one, so its token will be greater.
            var raised = await Task.WhenAll(instances.Select(i => i.RaiseAsync(resource, _id, token)));
            held = raised.Count(a => a == InstanceAnswer.Yes);
        }

        if (held >= Quorum && Begin(started))
        {
            Token = token;
            Status = RedLockStatus.Acquired;
            _extending = ExtendUntilStoppedAsync();
            return;
        }

        Status = tokens.Count(t => t is not null) < Quorum ? RedLockStatus.NoQuorum : RedLockStatus.Conflicted;
        await ReleaseAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        await _stop.CancelAsync();
        await _extending;
        if (Status == RedLockStatus.Acquired)
            Status = RedLockStatus.Unlocked;
        await ReleaseAsync();
        await _lost.CancelAsync();
        _stop.Dispose();
    }

    /// <summary>Returns at once; the release happens behind it.</summary>
    public void Dispose() => _ = DisposeAsync().AsTask();

    private async Task ExtendUntilStoppedAsync()
    {
        try
        {
            while (IsAcquired)
            {
                await Beat.WaitAsync(expiry / 3, time, _stop.Token);
                var started = time.GetTimestamp();
                var answers = await Task.WhenAll(instances.Select(i => i.ExtendAsync(resource, _id, expiry)));
                if (answers.Count(a => a == InstanceAnswer.Yes) >= Quorum && Begin(started))
                    ExtendCount++;
                else if (answers.Count(a => a == InstanceAnswer.No) > instances.Count - Quorum)
                    break;
            }
        }
        catch (OperationCanceledException)
        {
            return;
        }

        Status = RedLockStatus.Expired;
        await _lost.CancelAsync();
    }

    /// <summary>The time that is left counts from before the servers were asked. False where nothing is left.</summary>
    private bool Begin(long started)
    {
        var validity = expiry - expiry * ClockDrift - TimeSpan.FromMilliseconds(2);
        if (time.GetElapsedTime(started) >= validity)
            return false;
        (_validFrom, _validity) = (started, validity);
        return true;
    }

    private Task ReleaseAsync() => Task.WhenAll(instances.Select(i => i.ReleaseAsync(resource, _id)));
}
