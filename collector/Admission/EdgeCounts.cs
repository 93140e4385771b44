using System.Globalization;
using System.Text;
using ErrorPipeline.Shared.Contracts;

namespace ErrorPipeline.Collector.Admission;

/// <summary>What happened to requests that never reached a lane, per project and minute, until it is written to the log. Bounded; thread-safe.</summary>
internal sealed class EdgeCounts(TimeProvider time)
{
    private const int Most = 20_000;

    private readonly Lock _gate = new();
    private Dictionary<(int Project, long Minute, string Outcome), long> _counts = [];

    public void Add(int project, string outcome, long count)
    {
        if (count <= 0)
            return;
        var key = (project, time.GetUtcNow().ToUnixTimeSeconds() / 60, outcome);
        lock (_gate)
        {
            if (_counts.TryGetValue(key, out var before) || _counts.Count < Most)
                _counts[key] = before + count;
        }
    }

    /// <summary>All counts, which now are the caller's. <see cref="Restore"/> what could not be kept.</summary>
    public IReadOnlyList<OutcomeCount> Take()
    {
        lock (_gate)
        {
            if (_counts.Count == 0)
                return [];
            var taken = _counts;
            _counts = [];
            return [.. taken.Select(c => new OutcomeCount(c.Key.Project, c.Key.Minute, c.Key.Outcome, c.Value))];
        }
    }

    public void Restore(IEnumerable<OutcomeCount> counts)
    {
        lock (_gate)
        {
            foreach (var c in counts)
                _counts[(c.ProjectId, c.Minute, c.Outcome)] = _counts.GetValueOrDefault((c.ProjectId, c.Minute, c.Outcome)) + c.Count;
        }
    }

    /// <summary>Body of a log record: lines of project, minute, outcome and count, separated by spaces.</summary>
    public static byte[] Write(IEnumerable<OutcomeCount> counts)
    {
        var text = new StringBuilder();
        foreach (var c in counts)
            text.Append(CultureInfo.InvariantCulture, $"{c.ProjectId} {c.Minute} {c.Outcome} {c.Count}\n");
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    public static IEnumerable<OutcomeCount> Read(ReadOnlySpan<byte> body) =>
        [.. Encoding.UTF8.GetString(body).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')).Select(p => new OutcomeCount(
            int.Parse(p[0], CultureInfo.InvariantCulture), long.Parse(p[1], CultureInfo.InvariantCulture), p[2], long.Parse(p[3], CultureInfo.InvariantCulture)))];
}
