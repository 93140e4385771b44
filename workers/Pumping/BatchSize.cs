using ErrorPipeline.Shared.Streams;

namespace ErrorPipeline.Workers.Pumping;

/// <summary>
/// How many entries to ask for, learned from the last ones: Redis can be told a number of entries, but not of events or bytes.
/// </summary>
internal sealed class BatchSize(int events, int bytes)
{
    private const int Most = 200;
    private double _eventsEach = 500;
    private double _bytesEach = 1024 * 1024;

    public int Entries => (int)Math.Clamp(Math.Min(events / _eventsEach, bytes / _bytesEach), 1, Most);

    public void Learn(IReadOnlyCollection<StreamEntry> read)
    {
        if (read.Count == 0)
            return;
        _eventsEach = Math.Max(1, (_eventsEach + read.Average(e => (double)e.Events)) / 2);
        _bytesEach = Math.Max(1, (_bytesEach + read.Average(e => (double)e.Data.Length)) / 2);
    }
}
