namespace ErrorPipeline.Collector.Forwarding;

/// <summary>How far one producer's records have come in one lane. Guarded by its lane's lock.</summary>
internal sealed class Track(long sent, long settled)
{
    private static readonly TimeSpan SyncDelay = TimeSpan.FromSeconds(2);

    private long _syncing = sent;
    private long _syncingSince;

    /// <summary>Last sequence that need not be sent (again): what Redis is expected to have stored.</summary>
    public long Sent { get; private set; } = sent;

    /// <summary>Redis may know nothing of this producer: it is then to take <see cref="Sent"/> for stored.</summary>
    public bool Adopt { get; private set; }

    /// <summary>Redis confirmed something since this process started, so that a loss can be told.</summary>
    public bool WasConfirmed { get; private set; }

    /// <summary>Known to be in the store: never to be sent again, whatever Redis loses.</summary>
    public long Settled { get; private set; } = settled;

    /// <summary>Known to be on Redis' disk.</summary>
    public long Durable { get; private set; } = settled;

    public void Confirm(long sequence) => (Sent, Adopt, WasConfirmed) = (sequence, false, true);

    public void Settle(long sequence) => Settled = Math.Max(Settled, sequence);

    /// <summary>Redis lost some or all: start again behind what is settled, or with the first record that is left.</summary>
    public void Rewind(long beforeFirst)
    {
        Sent = Math.Max(beforeFirst, Settled);
        Adopt = true;
        WasConfirmed = false;
        Durable = Math.Min(Durable, Sent);
        _syncing = Math.Min(_syncing, Sent);
    }

    /// <summary>Redis answers after its own fsync.</summary>
    public void TakeSentForDurable() => Durable = Sent;

    /// <summary>Redis still has all that was sent. What it has had for so long was synced meanwhile: it would lack it after a crash.</summary>
    public void StillThere(long now, TimeProvider time)
    {
        if (time.GetElapsedTime(_syncingSince, now) < SyncDelay)
            return;
        Durable = Math.Max(Durable, _syncing);
        (_syncing, _syncingSince) = (Sent, now);
    }
}
