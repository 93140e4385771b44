using ErrorPipeline.Shared.Contracts;

namespace ErrorPipeline.Shared.Storage.Sqlite;

/// <summary>
/// The other names of fingerprints. They decide one thing: which issue a fingerprint joins that is not known yet. So an error keeps its
/// issue when source maps come, go or change, and when a later version of grouping sees it.
/// </summary>
internal sealed class AliasBook(SqliteSession session)
{
    /// <summary>Names of one fingerprint; every build adds some, and only those of builds that still run matter.</summary>
    private const int MostPerFingerprint = 64;
    private const int MostPerDelta = 16;

    /// <summary>The issue that a new fingerprint belongs to; null where nothing shares a name with it.</summary>
    public long? FindIssue(FingerprintKey key, Grouping grouping)
    {
        if (Named(key.ProjectId, key.Version, key.Fingerprint, mapped: false) is { } called)
            return called;
        foreach (var alias in Of(grouping))
        {
            var issue = alias.Kind == GroupingAlias.Build
                ? Named(key.ProjectId, alias.Kind, alias.Value, alias.Mapped)
                : (long?)session.Scalar(
                    "SELECT issue_id FROM fingerprints WHERE project_id = ?1 AND version = ?2 AND fingerprint = ?3", key.ProjectId, alias.Kind, alias.Value);
            if (issue is not null)
                return issue;
        }

        return null;
    }

    public void Add(long fingerprint, int project, Grouping grouping)
    {
        foreach (var alias in Of(grouping))
            Add(fingerprint, project, alias);
    }

    public void Add(long fingerprint, int project, GroupingAlias alias)
    {
        var isNew = session.Execute(
            "INSERT INTO aliases (project_id, kind, value, mapped, fingerprint_id) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING",
            project, alias.Kind, alias.Value, alias.Mapped ? 1 : 0, fingerprint) == 1;
        if (isNew)
            session.Execute(
                """
                DELETE FROM aliases WHERE id IN
                    (SELECT id FROM aliases WHERE fingerprint_id = ?1 ORDER BY id DESC LIMIT 100 OFFSET ?2)
                """,
                fingerprint, MostPerFingerprint);
    }

    /// <summary>When the fingerprint was deleted; null where it never was.</summary>
    public long? DeletedAt(FingerprintKey key) => Tombstone(key.ProjectId, key.Version, key.Fingerprint);

    /// <summary>When the error was deleted under another of its names, asked for a fingerprint that is not known.</summary>
    public long? DeletedAt(int project, Grouping grouping) => Of(grouping).Max(alias => Tombstone(project, alias.Kind, alias.Value));

    private long? Tombstone(int project, string version, string fingerprint) => (long?)session.Scalar(
        "SELECT deleted_at FROM tombstones WHERE project_id = ?1 AND version = ?2 AND fingerprint = ?3", project, version, fingerprint);

    private long? Named(int project, string kind, string value, bool mapped) => (long?)session.Scalar(
        """
        SELECT f.issue_id FROM aliases a JOIN fingerprints f ON f.id = a.fingerprint_id
        WHERE a.project_id = ?1 AND a.kind = ?2 AND a.value = ?3 AND NOT (a.mapped AND ?4) ORDER BY a.id DESC LIMIT 1
        """,
        project, kind, value, mapped ? 1 : 0);

    private static IEnumerable<GroupingAlias> Of(Grouping grouping) => (grouping.Aliases ?? [])
        .Where(alias => alias is { Kind.Length: > 0, Value.Length: > 0 })
        .Take(MostPerDelta)
        .Select(alias => new GroupingAlias(StoreText.Clean(alias.Kind, 50), StoreText.Clean(alias.Value, 300), alias.Mapped));
}
