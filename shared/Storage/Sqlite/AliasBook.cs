using ErrorPipeline.Shared.Contracts;

namespace ErrorPipeline.Shared.Storage.Sqlite;

/// <summary><see cref="OtherNames"/> of fingerprints, and those that were deleted.</summary>
internal sealed class AliasBook(SqliteSession session)
{
    /// <inheritdoc cref="OtherNames.FindIssue"/>
    public long? FindIssue(FingerprintKey key, Grouping grouping) =>
        OtherNames.FindIssue(key, grouping, alias => Named(key.ProjectId, alias), IssueOf);

    public void Add(long fingerprint, int project, Grouping grouping)
    {
        foreach (var alias in OtherNames.Of(grouping))
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
                fingerprint, OtherNames.MostPerFingerprint);
    }

    /// <summary>When the fingerprint was deleted; null where it never was.</summary>
    public long? DeletedAt(FingerprintKey key) => Tombstone(key.ProjectId, key.Version, key.Fingerprint);

    /// <summary>When the error was deleted under another of its names, asked for a fingerprint that is not known.</summary>
    public long? DeletedAt(int project, Grouping grouping) => OtherNames.Of(grouping).Max(alias => Tombstone(project, alias.Kind, alias.Value));

    private long? Tombstone(int project, string version, string fingerprint) => (long?)session.Scalar(
        "SELECT deleted_at FROM tombstones WHERE project_id = ?1 AND version = ?2 AND fingerprint = ?3", project, version, fingerprint);

    private long? Named(int project, GroupingAlias alias) => (long?)session.Scalar(
        """
        SELECT f.issue_id FROM aliases a JOIN fingerprints f ON f.id = a.fingerprint_id
        WHERE a.project_id = ?1 AND a.kind = ?2 AND a.value = ?3 AND NOT (a.mapped AND ?4) ORDER BY a.id DESC LIMIT 1
        """,
        project, alias.Kind, alias.Value, alias.Mapped ? 1 : 0);

    private long? IssueOf(FingerprintKey key) => (long?)session.Scalar(
        "SELECT issue_id FROM fingerprints WHERE project_id = ?1 AND version = ?2 AND fingerprint = ?3", key.ProjectId, key.Version, key.Fingerprint);
}
