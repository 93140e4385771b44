namespace ErrorPipeline.Shared.Storage.Sqlite;

/// <summary>Takes what is kept of persons away, inside the transaction of the command.</summary>
internal sealed class Erasing(SqliteSession session)
{
    private readonly HashSet<long> _fingerprints = [];

    /// <summary>The issues that lost something.</summary>
    public IReadOnlyList<long> Erase(int project, IReadOnlyList<string> events, IReadOnlyList<string> users)
    {
        foreach (var id in events.Select(id => StoreText.Clean(id, 100)))
        {
            _fingerprints.UnionWith(session.Query(
                "DELETE FROM samples WHERE project_id = ?1 AND event_id = ?2 RETURNING fingerprint_id", row => row.GetInt64(0), project, id));
            session.Execute("DELETE FROM feedback WHERE project_id = ?1 AND event_id = ?2", project, id);
        }

        var counted = users.SelectMany(user => session.Query(
            "DELETE FROM users WHERE user = ?2 AND fingerprint_id IN (SELECT id FROM fingerprints WHERE project_id = ?1) RETURNING fingerprint_id",
            row => row.GetInt64(0), project, StoreText.Clean(user, 128))).ToList();
        counted.ForEach(fingerprint => session.Execute("UPDATE fingerprints SET users = users - 1 WHERE id = ?1", fingerprint));
        foreach (var fingerprint in _fingerprints)
            session.Execute("UPDATE fingerprints SET samples = (SELECT count(*) FROM samples WHERE fingerprint_id = ?1) WHERE id = ?1", fingerprint);
        var totals = new IssueTotals(session);
        var issues = _fingerprints.Union(counted).Select(fingerprint => session.Number("SELECT issue_id FROM fingerprints WHERE id = ?1", fingerprint)).Distinct().ToList();
        issues.ForEach(totals.Derive);
        return issues;
    }
}
