using ErrorPipeline.Shared.Outcomes;
using ErrorPipeline.Shared.Protocols;
using ErrorPipeline.Shared.Storage;

namespace ErrorPipeline.Collector.Admission;

/// <summary>
/// Counts the sessions that clients tell of. One is told of several times, when it begins, meets an error and ends, and counts once in each way: what was
/// counted is remembered, for an hour and more, in memory alone. Bounded; thread-safe.
/// </summary>
internal sealed class SessionCounts(EdgeCounts edge, TimeProvider time)
{
    private const int MostRemembered = 200_000;

    /// <summary>Environments and releases of a project that are told apart; visitors can make them up.</summary>
    private const int MostNames = 200;

    private static readonly TimeSpan Remembered = TimeSpan.FromHours(1);

    private readonly Lock _gate = new();
    private Generation _present = new(DateTimeOffset.MinValue);
    private Generation _before = new(DateTimeOffset.MinValue);

    public void Add(int project, IReadOnlyList<ToldSession> sessions)
    {
        foreach (var session in sessions)
        {
            Count(project, session, SessionOutcome.Started, session.Started);
            Count(project, session, SessionOutcome.Hit, session.Hit);
            Count(project, session, SessionOutcome.Crashed, session.Crashed);
        }
    }

    private void Count(int project, ToldSession session, string kind, int number)
    {
        if (number == 0)
            return;
        var (environment, release) = (session.Environment, session.Release);
        lock (_gate)
        {
            if (_present.Seen.Count >= MostRemembered || time.GetUtcNow() - _present.Since > Remembered)
                (_present, _before) = (new Generation(time.GetUtcNow()), _present);
            if (session.Id != 0 && (_before.Seen.Contains((project, session.Id, kind)) || !_present.Seen.Add((project, session.Id, kind))))
                return;
            if (!_present.Takes(project, environment, release))
                (environment, release) = (environment.Length == 0 ? "" : FacetValue.Rest, FacetValue.Rest);
        }

        edge.Add(project, new SessionOutcome(kind, environment, release).ToString(), number);
    }

    private sealed class Generation(DateTimeOffset since)
    {
        private readonly Dictionary<int, HashSet<(string Environment, string Release)>> _names = [];

        public DateTimeOffset Since => since;

        public HashSet<(int Project, ulong Session, string Kind)> Seen { get; } = [];

        public bool Takes(int project, string environment, string release)
        {
            if (!_names.TryGetValue(project, out var names))
                _names[project] = names = [];
            return names.Contains((environment, release)) || (names.Count < MostNames && names.Add((environment, release)));
        }
    }
}
