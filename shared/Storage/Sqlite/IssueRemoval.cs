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
        // What waits unmapped or mapped for its turn has another fingerprint, but shares these names.
        session.Execute(
            """
            INSERT INTO tombstones (project_id, version, fingerprint, deleted_at)
            SELECT DISTINCT project_id, kind, value, ?2 FROM aliases
            WHERE fingerprint_id IN (SELECT id FROM fingerprints WHERE issue_id = ?1) AND (kind <> 'build' OR NOT mapped)
            ON CONFLICT DO UPDATE SET deleted_at = max(deleted_at, excluded.deleted_at)
            """,
            issue, at);
        Remove(session, issue);
    }

    /// <summary>Without a trace: the next event of a fingerprint makes a new issue. Returns the number of samples that went.</summary>
    public static int Remove(SqliteSession session, long issue)
    {
        const string Mine = "(SELECT id FROM fingerprints WHERE issue_id = ?1)";
        var emptied = session.Query(
            """
            SELECT DISTINCT m.id FROM move_parts p JOIN moved_issues m ON m.id = p.from_issue AND m.move_id = p.move_id
            WHERE p.fingerprint_id IN (SELECT id FROM fingerprints WHERE issue_id = ?1)
            """,
            row => row.GetInt64(0), issue);
        session.Execute($"DELETE FROM move_parts WHERE fingerprint_id IN {Mine}", issue);
        session.Execute($"DELETE FROM aliases WHERE fingerprint_id IN {Mine}", issue);
        var samples = session.Execute($"DELETE FROM samples WHERE fingerprint_id IN {Mine}", issue);
        session.Execute($"DELETE FROM words WHERE fingerprint_id IN {Mine}", issue);
        session.Execute($"DELETE FROM feedback WHERE fingerprint_id IN {Mine}", issue);
        session.Execute("DELETE FROM search WHERE rowid = ?1", issue);
        session.Execute("DELETE FROM history WHERE issue_id = ?1", issue);
        session.Execute("DELETE FROM comments WHERE issue_id = ?1", issue);
        session.Execute("DELETE FROM undo WHERE issue_id = ?1", issue);
        session.Execute($"INSERT INTO garbage {Mine[1..^1]}", issue);
        session.Execute("DELETE FROM fingerprints WHERE issue_id = ?1", issue);
        session.Execute("DELETE FROM issues WHERE id = ?1", issue);
        emptied.ForEach(number => RemoveEmptied(session, number));
        return samples;
    }

    /// <summary>The number of an issue that was emptied into the one removed leads nowhere now, unless something of it is elsewhere.</summary>
    private static void RemoveEmptied(SqliteSession session, long issue)
    {
        if (session.Execute(
            """
            DELETE FROM moved_issues WHERE id = ?1 AND NOT EXISTS
                (SELECT 1 FROM move_parts p WHERE p.from_issue = moved_issues.id AND p.move_id = moved_issues.move_id)
            """,
            issue) == 0)
            return;
        session.Execute("DELETE FROM history WHERE issue_id = ?1", issue);
        session.Execute("DELETE FROM comments WHERE issue_id = ?1", issue);
        session.Execute("DELETE FROM undo WHERE issue_id = ?1", issue);
    }
}
