namespace ErrorPipeline.Shared.Storage.Sqlite;

/// <summary>The artifacts in one SQLite file of their own: sources are nobody else's business, and large.</summary>
/// <param name="mostArtifacts">References that one project may have.</param>
/// <param name="mostBytes">Bytes that all content together may have, as kept.</param>
public sealed class SqliteArtifactStore(string path, int mostArtifacts = 20_000, long mostBytes = long.MaxValue, TimeSpan? busyTimeout = null)
    : SqliteArtifactReader(path, busyTimeout), IArtifactStore
{
    private readonly ArtifactLimits _limits = new(mostArtifacts, mostBytes);
    private SqliteThreads? _writing;

    private SqliteThreads Writing => LazyInitializer.EnsureInitialized(ref _writing, () => new(File.Path, 1, () => new SqliteSession(File.OpenForWriting())));

    public Task MigrateAsync(CancellationToken cancel) => Writing.RunAsync(
        session =>
        {
            SqliteMigrations.Artifacts.Apply(session, File.Path);
            return true;
        },
        interruptible: false, cancel);

    public Task<IReadOnlyList<Artifact>> PutAsync(IReadOnlyList<ArtifactUpload> uploads, DateTimeOffset now, CancellationToken cancel)
    {
        // Packed before the transaction: nobody waits for the file's lock meanwhile.
        var packed = uploads.Select(PackedUpload.Of).ToList();
        return Write<IReadOnlyList<Artifact>>(session =>
        {
            var writing = new ArtifactWriting(session, _limits);
            return packed.ConvertAll(upload => writing.Put(upload, now.ToUnixTimeMilliseconds()));
        }, cancel);
    }

    public Task<bool> DeleteAsync(int projectId, long id, CancellationToken cancel) => Write(
        session => new ArtifactWriting(session, _limits).Delete("id = ?1 AND project_id = ?2", id, projectId) > 0, cancel);

    public Task<int> DeleteReleaseAsync(int projectId, string release, CancellationToken cancel) => Write(
        session => new ArtifactWriting(session, _limits).Delete("project_id = ?1 AND release = ?2", projectId, StoreText.Clean(release, 200)), cancel);

    public Task<int> DeleteOldAsync(DateTimeOffset uploadedBefore, IReadOnlyCollection<(int ProjectId, string Release)> seen, CancellationToken cancel) => Write(
        session =>
        {
            var writing = new ArtifactWriting(session, _limits);
            var before = uploadedBefore.ToUnixTimeMilliseconds();
            var old = session.Query(
                "SELECT project_id, release FROM artifacts WHERE release <> '' GROUP BY project_id, release HAVING max(uploaded_at) < ?1",
                row => (ProjectId: row.GetInt32(0), Release: row.GetString(1)), before).Except(seen);
            return writing.Delete("release = '' AND uploaded_at < ?1", before)
                + old.Sum(gone => writing.Delete("project_id = ?1 AND release = ?2", gone.ProjectId, gone.Release));
        },
        cancel);

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_writing is not null)
            await _writing.DisposeAsync();
    }

    private Task<T> Write<T>(Func<SqliteSession, T> work, CancellationToken cancel) =>
        Writing.RunAsync(session => session.InTransaction(work), interruptible: false, cancel);
}
