using ErrorPipeline.Shared.Contracts;

namespace ErrorPipeline.Shared.Storage.Sqlite;

/// <summary>What a project's events were like, gathered over the deltas of one commit and written once.</summary>
internal sealed class TallyCounter(SqliteSession session)
{
    private readonly Dictionary<TallyKey, long> _counts = [];
    private readonly Dictionary<TallyKey, bool> _places = [];

    /// <summary>How many values a dimension has, counted once, and what finds no place among them.</summary>
    private readonly Dictionary<TallyKey, long> _values = [];
    private readonly Dictionary<TallyKey, long> _rests = [];

    public void Add(IssueDelta delta) => Add(Tallies.Of(delta));

    /// <summary>False where the outcome is none of a session.</summary>
    public bool Add(OutcomeCount outcome) => Add(Tallies.Of(outcome));

    /// <summary>Environments first: they decide which of them have tallies of their own.</summary>
    public void Write()
    {
        foreach (var (key, count) in _counts.OrderBy(tally => tally.Key.Environment is not null))
            Write(key.Environment is null || HasPlace(key.OfEnvironment) ? key : key with { Environment = FacetValue.Rest }, count);
        foreach (var (rest, count) in _rests)
        {
            if (!Update(rest, count))
                Insert(rest, count);
        }
    }

    private bool Add(IEnumerable<(TallyKey Key, long Count)> tallies)
    {
        var any = false;
        foreach (var (key, count) in tallies)
        {
            _counts[key] = _counts.GetValueOrDefault(key) + count;
            any = true;
        }

        return any;
    }

    private void Write(TallyKey key, long count)
    {
        if (Update(key, count))
            return;
        var all = key with { Value = FacetValue.Rest };
        var most = Tallies.MostValues(key.Dimension);
        if (!_values.TryGetValue(all, out var values))
        {
            _values[all] = values = session.Number(
                "SELECT count(*) FROM (SELECT 1 FROM tallies WHERE project_id = ?1 AND quarter = ?2 AND dimension = ?3 LIMIT ?4)", key.Project, key.Quarter, key.Column, most);
        }

        if (values >= most)
        {
            _rests[all] = _rests.GetValueOrDefault(all) + count;
            return;
        }

        Insert(key, count);
        _values[all]++;
    }

    private void Insert(TallyKey key, long count) => session.Execute(
        "INSERT INTO tallies (project_id, quarter, dimension, value, count) VALUES (?1, ?2, ?3, ?4, ?5)", key.Project, key.Quarter, key.Column, key.Value, count);

    private bool HasPlace(TallyKey environment)
    {
        if (!_places.TryGetValue(environment, out var has))
            _places[environment] = has = session.Scalar(
                "SELECT 1 FROM tallies WHERE project_id = ?1 AND quarter = ?2 AND dimension = ?3 AND value = ?4", environment.Project, environment.Quarter, environment.Column, environment.Value) is not null;
        return has;
    }

    private bool Update(TallyKey key, long count) => session.Execute(
        "UPDATE tallies SET count = count + ?5 WHERE project_id = ?1 AND quarter = ?2 AND dimension = ?3 AND value = ?4",
        key.Project, key.Quarter, key.Column, key.Value, count) == 1;
}
