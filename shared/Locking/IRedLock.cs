namespace ErrorPipeline.Shared.Locking;

/// <summary>
/// A lock over independent Redis servers. It keeps two holders from working against each other most of the time; it is no proof: a process
/// that was stopped for longer than the expiry may believe it still holds it. What must be safe compares <see cref="Token"/>.
/// Disposing releases it.
/// </summary>
public interface IRedLock : IAsyncDisposable, IDisposable
{
    string Resource { get; }

    /// <summary>Random; the value of the key on each server.</summary>
    string LockId { get; }

    /// <summary>True while a majority of the servers held the lock at the last look and its validity has not run out.</summary>
    bool IsAcquired { get; }

    RedLockStatus Status { get; }

    /// <summary>
    /// Fencing token: rises with every holder as long as a majority of servers keeps its data. 0 where the lock was not acquired.
    /// </summary>
    long Token { get; }

    /// <summary>How often it was prolonged.</summary>
    int ExtendCount { get; }

    /// <summary>Cancelled when the lock is lost or released.</summary>
    CancellationToken Lost { get; }
}

public enum RedLockStatus
{
    Unlocked,
    Acquired,

    /// <summary>Fewer than a majority of servers answered.</summary>
    NoQuorum,

    /// <summary>Another holds it.</summary>
    Conflicted,

    /// <summary>It was ours and ran out, or a majority has lost it.</summary>
    Expired,
}
