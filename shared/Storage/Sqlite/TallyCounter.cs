using ErrorPipeline.Shared.Contracts;

namespace ErrorPipeline.Shared.Storage.Sqlite;

/// <summary>What a project's events were like, gathered over the deltas of one commit and written once.</summary>
internal sealed class TallyCounter(SqliteSession session)
{
    private readonly Dictionary<TallyKey, long> _counts = [];

    public void Add(IssueDelta delta)
    {
        foreach (var (key, count) in Tallies.Of(delta))
            _counts[key] = _counts.GetValueOrDefault(key) + count;
    }

    public void Write()
    {
        foreach (var (key, count) in _counts)
        {
            if (Update(key, count))
                continue;
            var (project, quarter, dimension, value) = key;
            var values = session.Number(
                "SELECT count(*) FROM (SELECT 1 FROM tallies WHERE project_id = ?1 AND quarter = ?2 AND dimension = ?3 LIMIT ?4)", project, quarter, dimension, Tallies.MostValues);
            if (values >= Tallies.MostValues)
                value = FacetValue.Rest;
            if (value != FacetValue.Rest || !Update(key with { Value = value }, count))
                session.Execute("INSERT INTO tallies (project_id, quarter, dimension, value, count) VALUES (?1, ?2, ?3, ?4, ?5)", project, quarter, dimension, value, count);
        }
    }

    private bool Update(TallyKey key, long count) => session.Execute(
        "UPDATE tallies SET count = count + ?5 WHERE project_id = ?1 AND quarter = ?2 AND dimension = ?3 AND value = ?4",
        key.Project, key.Quarter, key.Dimension, key.Value, count) == 1;
}
