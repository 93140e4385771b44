namespace ErrorPipeline.Workers.Pumping;

/// <summary>Something to do now and then within a loop; due at once the first time.</summary>
internal sealed class Pace(TimeSpan every, TimeProvider time)
{
    private long? _last;

    public bool IsDue()
    {
        if (_last is { } last && time.GetElapsedTime(last) < every)
            return false;
        _last = time.GetTimestamp();
        return true;
    }

    /// <summary>There was more to do than was done.</summary>
    public void Again() => _last = null;
}
