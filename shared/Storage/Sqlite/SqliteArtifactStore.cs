using System.IO.Compression;
using System.Security.Cryptography;

namespace ErrorPipeline.Shared.Storage.Sqlite;

/// <summary>The artifacts in one SQLite file of their own: sources are nobody else's business, and large.</summary>
/// <param name="mostArtifacts">References that one project may have.</param>
public sealed class SqliteArtifactStore(string path, int mostArtifacts = 20_000, TimeSpan? busyTimeout = null)
    : SqliteArtifactReader(path, busyTimeout), IArtifactStore
{
    private SqliteThreads? _writing;

    private SqliteThreads Writing => LazyInitializer.EnsureInitialized(ref _writing, () => new(File.Path, 1, () => new SqliteSession(File.OpenForWriting())));

    public Task MigrateAsync(CancellationToken cancel) => Writing.RunAsync(
        session =>
        {
            SqliteMigrations.Artifacts.Apply(session, File.Path);
            return true;
        },
        interruptible: false, cancel);

    public Task<Artifact> PutAsync(ArtifactUpload upload, ReadOnlyMemory<byte> content, DateTimeOffset now, CancellationToken cancel)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(content.Span));
        // Packed before the transaction: nobody waits for the file's lock meanwhile.
        var packed = Pack(content.Span);
        return Write(session => Put(session, upload, hash, content.Length, packed, now.ToUnixTimeMilliseconds()), cancel);
    }

    public Task<bool> DeleteAsync(int projectId, long id, CancellationToken cancel) => Write(
        session =>
        {
            var deleted = session.Execute("DELETE FROM artifacts WHERE id = ?1 AND project_id = ?2", id, projectId) > 0;
            DropUnused(session);
            return deleted;
        },
        cancel);

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_writing is not null)
            await _writing.DisposeAsync();
    }

    private Artifact Put(SqliteSession session, ArtifactUpload upload, string hash, int size, byte[] packed, long at)
    {
        var (release, url) = (StoreText.Clean(upload.Release, 200), StoreText.Clean(upload.Url, ArtifactUrl.Longest));
        var debugId = upload.DebugId?.ToString("D");
        // Without a release the debug id is what tells builds apart.
        session.Execute(
            "DELETE FROM artifacts WHERE project_id = ?1 AND release = ?2 AND url = ?3 AND (release <> '' OR debug_id IS ?4)", upload.ProjectId, release, url, debugId);
        if (session.Number("SELECT count(*) FROM artifacts WHERE project_id = ?1", upload.ProjectId) >= mostArtifacts)
            throw new ArtifactRefusedException($"The project has {mostArtifacts} files already: delete those of old releases first.");
        session.Execute("INSERT INTO blobs (hash, size, content) VALUES (?1, ?2, ?3) ON CONFLICT (hash) DO NOTHING", hash, size, packed);
        var id = session.Number(
            """
            INSERT INTO artifacts (project_id, release, url, name, is_map, debug_id, map_url, hash, uploaded_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) RETURNING id
            """,
            upload.ProjectId, release, url, ArtifactUrl.FileName(url), upload.IsMap ? 1 : 0, debugId,
            upload.MapUrl is { } map ? StoreText.Clean(map, ArtifactUrl.Longest) : null, hash, at);
        DropUnused(session);
        return new(id, release, url, upload.IsMap, upload.DebugId, hash, size, at);
    }

    private static void DropUnused(SqliteSession session) =>
        session.Execute("DELETE FROM blobs WHERE NOT EXISTS (SELECT 1 FROM artifacts WHERE artifacts.hash = blobs.hash)");

    private static byte[] Pack(ReadOnlySpan<byte> content)
    {
        using var packed = new MemoryStream();
        using (var brotli = new BrotliStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            brotli.Write(content);
        return packed.ToArray();
    }

    private Task<T> Write<T>(Func<SqliteSession, T> work, CancellationToken cancel) =>
        Writing.RunAsync(session => session.InTransaction(work), interruptible: false, cancel);
}
