using ErrorPipeline.Shared.Contracts;

namespace ErrorPipeline.Shared.Storage.Sqlite;

/// <summary>Events of projects by week, dimension and value; see <see cref="ProjectWeeks"/>.</summary>
internal sealed class ProjectFacetShelf(SqliteSession session)
{
    /// <summary>Counted once a call, as it is for every value that is new or has no room.</summary>
    private readonly Dictionary<(int Project, long Week), long> _rows = [];
    private readonly Dictionary<(int Project, long Week, string Dimension), long> _values = [];

    public void Write(Dictionary<ProjectPlace, long> counts)
    {
        foreach (var (place, count) in counts)
        {
            if (Update(place, count))
                continue;
            var full = RowsOf(place) >= ProjectWeeks.RowsPerWeek;
            if (!full && ValuesOf(place) < ProjectWeeks.ValuesPerDimension)
                Insert(place, count);
            else if (!Update(place.Rest, count) && !full)
                Insert(place.Rest, count);
        }
    }

    public static ProjectFacets Read(SqliteSession session, int project, long fromMs, long toMs)
    {
        var first = (long?)session.Scalar("SELECT week FROM project_facets WHERE project_id = ?1 ORDER BY week LIMIT 1", project);
        return new(first is { } week ? ProjectWeeks.Start(week) : null, session.Query(
            """
            SELECT dimension, value, sum(count) FROM project_facets
            WHERE project_id = ?1 AND week BETWEEN ?2 AND ?3 GROUP BY dimension, value ORDER BY dimension, value
            """,
            row => new FacetCount(row.GetString(0), row.GetString(1), row.GetInt64(2)), project, ProjectWeeks.Of(fromMs), ProjectWeeks.Of(toMs)));
    }

    public static int Purge(SqliteSession session, DateTimeOffset now, int rows) => session.Execute(
        """
        DELETE FROM project_facets WHERE (project_id, week, dimension, value) IN
            (SELECT project_id, week, dimension, value FROM project_facets WHERE week < ?1 LIMIT ?2)
        """,
        ProjectWeeks.Of(now.ToUnixTimeMilliseconds()) - ProjectWeeks.Kept, rows);

    private bool Update(ProjectPlace place, long count) => session.Execute(
        "UPDATE project_facets SET count = count + ?5 WHERE project_id = ?1 AND week = ?2 AND dimension = ?3 AND value = ?4",
        place.Project, place.Week, place.Dimension, place.Value, count) == 1;

    private void Insert(ProjectPlace place, long count)
    {
        session.Execute(
            "INSERT INTO project_facets (project_id, week, dimension, value, count) VALUES (?1, ?2, ?3, ?4, ?5)",
            place.Project, place.Week, place.Dimension, place.Value, count);
        _rows[(place.Project, place.Week)] = RowsOf(place) + 1;
        _values[(place.Project, place.Week, place.Dimension)] = ValuesOf(place) + 1;
    }

    private long RowsOf(ProjectPlace place)
    {
        if (!_rows.TryGetValue((place.Project, place.Week), out var rows))
        {
            _rows[(place.Project, place.Week)] = rows = session.Number(
                "SELECT count(*) FROM (SELECT 1 FROM project_facets WHERE project_id = ?1 AND week = ?2 LIMIT ?3)", place.Project, place.Week, ProjectWeeks.RowsPerWeek);
        }

        return rows;
    }

    private long ValuesOf(ProjectPlace place)
    {
        if (!_values.TryGetValue((place.Project, place.Week, place.Dimension), out var values))
        {
            _values[(place.Project, place.Week, place.Dimension)] = values = session.Number(
                "SELECT count(*) FROM (SELECT 1 FROM project_facets WHERE project_id = ?1 AND week = ?2 AND dimension = ?3 LIMIT ?4)",
                place.Project, place.Week, place.Dimension, ProjectWeeks.ValuesPerDimension);
        }

        return values;
    }
}
