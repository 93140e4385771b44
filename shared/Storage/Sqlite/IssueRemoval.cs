namespace ErrorPipeline.Shared.Storage.Sqlite;

/// <summary>Takes an issue away at once for every reader; what may be many rows (its counters) is swept later by <see cref="Purge"/>.</summary>
internal static class IssueRemoval
{
    /// <summary>With tombstones, so that what was received up to <paramref name="at"/> and is still on its way stays deleted.</summary>
    public static void Delete(SqliteSession session, long issue, long at)
    {
        session.Execute(
            """
            INSERT INTO tombstones (project_id, version, fingerprint, deleted_at)
            SELECT project_id, version, fingerprint, ?2 FROM fingerprints WHERE issue_id = ?1
            ON CONFLICT DO UPDATE SET deleted_at = max(deleted_at, excluded.deleted_at)
            """,
            issue, at);
        Remove(session, issue);
    }

    /// <summary>Without a trace: the next event of a fingerprint makes a new issue. Returns the number of samples that went.</summary>
    public static int Remove(SqliteSession session, long issue)
    {
        const string Mine = "(SELECT id FROM fingerprints WHERE issue_id = ?1)";
        var samples = session.Execute($"DELETE FROM samples WHERE fingerprint_id IN {Mine}", issue);
        session.Execute($"DELETE FROM words WHERE fingerprint_id IN {Mine}", issue);
        session.Execute("DELETE FROM search WHERE rowid = ?1", issue);
        session.Execute("DELETE FROM history WHERE issue_id = ?1", issue);
        session.Execute($"INSERT INTO garbage {Mine[1..^1]}", issue);
        session.Execute("DELETE FROM fingerprints WHERE issue_id = ?1", issue);
        session.Execute("DELETE FROM issues WHERE id = ?1", issue);
        return samples;
    }
}
