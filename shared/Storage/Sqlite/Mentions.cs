using ErrorPipeline.Shared.Policies;

namespace ErrorPipeline.Shared.Storage.Sqlite;

/// <summary>A person's name in what is kept of errors themselves: found by a reader, taken out inside the transaction of the command.</summary>
internal sealed class Mentions(SqliteSession session, int project)
{
    public static IReadOnlyList<string> Find(SqliteSession session, int project, string name) => session.Query(
        """
        SELECT version || ':' || fingerprint FROM fingerprints WHERE project_id = ?1 AND (
            instr(lower(title || ' ' || culprit || ' ' || tokens || ' ' || coalesce(notes, '')), lower(?2)) > 0
            OR EXISTS (SELECT 1 FROM facets WHERE fingerprint_id = fingerprints.id AND instr(lower(value), lower(?2)) > 0))
        ORDER BY version, fingerprint
        """,
        row => row.GetString(0), project, name);

    /// <summary>The fingerprints that named it.</summary>
    public IReadOnlyList<long> Erase(IReadOnlyList<string> fingerprints, string name)
    {
        var found = new List<long>();
        foreach (var parts in fingerprints.Select(key => key.Split(':', 2)).Where(parts => parts.Length == 2))
        {
            if (session.First(
                "SELECT id, title, culprit, tokens, notes FROM fingerprints WHERE project_id = ?1 AND version = ?2 AND fingerprint = ?3",
                row => new Texts(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetStringOrNull(4)), project, parts[0], parts[1]) is not { } texts)
                continue;
            found.Add(texts.Id);
            session.Execute(
                "UPDATE fingerprints SET title = ?2, culprit = ?3, tokens = ?4, notes = ?5 WHERE id = ?1",
                texts.Id, PersonName.Without(texts.Title, name), PersonName.Without(texts.Culprit, name), PersonName.Without(texts.Tokens, name), texts.Notes is { } notes ? PersonName.Without(notes, name) : null);
            foreach (var (dimension, value) in Named("SELECT dimension, value FROM facets WHERE fingerprint_id = ?1", texts.Id, name))
                session.Execute("DELETE FROM facets WHERE fingerprint_id = ?1 AND dimension = ?2 AND value = ?3", texts.Id, dimension, value);
        }

        foreach (var (dimension, value) in Named("SELECT DISTINCT dimension, value FROM tallies WHERE project_id = ?1", project, name))
            session.Execute("DELETE FROM tallies WHERE project_id = ?1 AND dimension = ?2 AND value = ?3", project, dimension, value);
        foreach (var (dimension, value) in Named("SELECT DISTINCT dimension, value FROM project_facets WHERE project_id = ?1", project, name))
            session.Execute("DELETE FROM project_facets WHERE project_id = ?1 AND dimension = ?2 AND value = ?3", project, dimension, value);
        return found;
    }

    /// <summary>What could not be stored, where it names one of these.</summary>
    public void EraseRefused(IReadOnlyList<string> names)
    {
        foreach (var (id, stored) in session.Query("SELECT id, delta FROM refused", row => (row.GetInt64(0), row.GetBytes(1))))
        {
            if (StoredJson.DeltaWithout(stored, project, names) is { } rest)
                session.Execute("UPDATE refused SET delta = ?2 WHERE id = ?1", id, rest);
        }
    }

    private IEnumerable<(string Dimension, string Value)> Named(string sql, long of, string name) =>
        session.Query(sql, row => (Dimension: row.GetString(0), Value: row.GetString(1)), of).Where(row => PersonName.IsIn(row.Value, name) || PersonName.IsIn(row.Dimension, name));

    private sealed record Texts(long Id, string Title, string Culprit, string Tokens, string? Notes);
}
