namespace ErrorPipeline.Workers.Pumping;

/// <summary>
/// The last minute of a stage: when more than 1 % would die, something is broken that is not the messages.
/// Counts letters, so that one torn entry weighs as one.
/// </summary>
internal sealed class DeathRate(TimeProvider time, long alwaysAllowed)
{
    private const double Share = 0.01;
    private const int Window = 60;
    private readonly Lock _lock = new();
    private readonly long[] _handled = new long[Window];
    private readonly long[] _dead = new long[Window];
    private long _second;

    public void Handled(long letters)
    {
        lock (_lock)
            _handled[Slot()] += letters;
    }

    /// <summary>Takes the deaths into account and answers null, or says why they must not be.</summary>
    public string? TryBury(long letters)
    {
        lock (_lock)
        {
            var slot = Slot();
            var (dead, handled) = (_dead.Sum() + letters, _handled.Sum());
            if (dead > Math.Max(alwaysAllowed, handled * Share))
                return $"{dead} letters of {handled + dead} would die within a minute: that is an outage, not poison; nothing is lost, it is tried again as time passes";
            _dead[slot] += letters;
            return null;
        }
    }

    private int Slot()
    {
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        if (now - _second >= Window)
        {
            Array.Clear(_handled);
            Array.Clear(_dead);
            _second = now;
        }

        while (_second < now)
        {
            _second++;
            _handled[_second % Window] = 0;
            _dead[_second % Window] = 0;
        }

        return (int)(_second % Window);
    }
}
