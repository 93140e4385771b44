using ErrorPipeline.Shared.Contracts;

namespace ErrorPipeline.Shared.Storage.Sqlite;

/// <summary>Takes what is kept of persons away, inside the transaction of the command.</summary>
internal sealed class Erasing(SqliteSession session)
{
    private readonly HashSet<long> _fingerprints = [];

    /// <summary>The issues that lost something.</summary>
    public IReadOnlyList<long> Erase(int project, StoreCommand command)
    {
        foreach (var id in (command.Events ?? []).Select(id => StoreText.Clean(id, 100)))
        {
            _fingerprints.UnionWith(session.Query(
                "DELETE FROM samples WHERE project_id = ?1 AND event_id = ?2 RETURNING fingerprint_id", row => row.GetInt64(0), project, id));
            session.Execute("DELETE FROM feedback WHERE project_id = ?1 AND event_id = ?2", project, id);
        }

        var users = command.Users ?? [];
        var counted = users.SelectMany(user => session.Query(
            "DELETE FROM users WHERE user = ?2 AND fingerprint_id IN (SELECT id FROM fingerprints WHERE project_id = ?1) RETURNING fingerprint_id",
            row => row.GetInt64(0), project, StoreText.Clean(user, 128))).ToList();
        counted.ForEach(fingerprint => session.Execute("UPDATE fingerprints SET users = users - 1 WHERE id = ?1", fingerprint));
        foreach (var fingerprint in _fingerprints)
            session.Execute("UPDATE fingerprints SET samples = (SELECT count(*) FROM samples WHERE fingerprint_id = ?1) WHERE id = ?1", fingerprint);
        var mentions = new Mentions(session, project);
        mentions.EraseRefused([.. users, .. command.Text is { } said ? [said] : Array.Empty<string>()]);
        if (command.Text is { Length: > 0 } name)
            _fingerprints.UnionWith(mentions.Erase(command.Fingerprints ?? [], name));
        // What is searched was told by events too, and by those that went among them.
        foreach (var fingerprint in _fingerprints)
            SearchIndex.Rebuild(session, fingerprint);
        return Derive(_fingerprints.Union(counted));
    }

    private List<long> Derive(IEnumerable<long> fingerprints)
    {
        var totals = new IssueTotals(session);
        var issues = fingerprints.Select(fingerprint => session.Number("SELECT issue_id FROM fingerprints WHERE id = ?1", fingerprint)).Distinct().ToList();
        issues.ForEach(totals.Derive);
        issues.ForEach(issue => SearchIndex.Write(session, issue));
        return issues;
    }
}
