namespace ErrorPipeline.Shared.Storage.Sqlite;

/// <summary>What changes artifacts, inside one transaction. Content goes with the last artifact that refers to it.</summary>
internal sealed class ArtifactWriting(SqliteSession session, ArtifactLimits limits)
{
    public Artifact Put(PackedUpload packed, long at)
    {
        var upload = packed.Upload;
        var (release, dist, url) = (
            StoreText.Clean(upload.Release, ArtifactLimits.LongestName), StoreText.Clean(upload.Dist, ArtifactLimits.LongestName), StoreText.Clean(upload.Url, ArtifactUrl.Longest));
        var debugId = upload.DebugId?.ToString("D");
        // Without a release the debug id is what tells builds apart.
        Delete(
            "project_id = ?1 AND release = ?2 AND url = ?3 AND dist = ?4 AND (release <> '' OR debug_id IS ?5)", upload.ProjectId, release, url, dist, debugId);
        if (session.Number("SELECT count(*) FROM artifacts WHERE project_id = ?1", upload.ProjectId) >= limits.Files)
            throw limits.TooMany();
        Keep(packed);
        var problem = StoreText.CleanOrNull(upload.Problem, 500);
        var id = session.Number(
            """
            INSERT INTO artifacts (project_id, release, dist, url, name, kind, debug_id, map_url, problem, hash, uploaded_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) RETURNING id
            """,
            upload.ProjectId, release, dist, url, ArtifactUrl.FileName(url), (int)upload.Kind, debugId,
            StoreText.CleanOrNull(upload.MapUrl, ArtifactUrl.Longest), problem, packed.Hash, at);
        return new(id, release, dist, url, upload.Kind, upload.DebugId, packed.Hash, upload.Content.Length, at, problem);
    }

    /// <summary>Number of artifacts deleted.</summary>
    /// <param name="which">A condition; one of few constants.</param>
    public int Delete(string which, params ReadOnlySpan<object?> values)
    {
        var gone = session.Query($"DELETE FROM artifacts WHERE {which} RETURNING hash", row => row.GetString(0), values);
        foreach (var hash in gone.Distinct(StringComparer.Ordinal))
            session.Execute("DELETE FROM blobs WHERE hash = ?1 AND NOT EXISTS (SELECT 1 FROM artifacts WHERE hash = ?1)", hash);
        return gone.Count;
    }

    private void Keep(PackedUpload packed)
    {
        if (session.Scalar("SELECT 1 FROM blobs WHERE hash = ?1", packed.Hash) is not null)
            return;
        if (session.Number("SELECT coalesce(sum(packed), 0) FROM blobs") + packed.Packed.Length > limits.Bytes)
            throw limits.TooLarge();
        session.Execute(
            "INSERT INTO blobs (hash, size, content, packed) VALUES (?1, ?2, ?3, ?4)", packed.Hash, packed.Upload.Content.Length, packed.Packed, packed.Packed.Length);
    }
}
