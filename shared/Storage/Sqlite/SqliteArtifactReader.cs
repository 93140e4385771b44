using Microsoft.Data.Sqlite;

namespace ErrorPipeline.Shared.Storage.Sqlite;

/// <summary>Reads the artifacts beside the process that writes them. Usable before the file exists: then there is nothing.</summary>
public class SqliteArtifactReader : IArtifactReader
{
    private readonly SqliteThreads _reading;

    public SqliteArtifactReader(string path, TimeSpan? busyTimeout = null)
    {
        File = new(path, busyTimeout ?? TimeSpan.FromSeconds(5));
        _reading = new(path, 2, Open);
    }

    private protected SqliteFile File { get; }

    public Task<IReadOnlySet<int>> FindProjectsAsync(IReadOnlyCollection<int> projects, CancellationToken cancel) => Read<IReadOnlySet<int>>(
        session => projects.Distinct().Where(id => session.Scalar("SELECT 1 FROM artifacts WHERE project_id = ?1 LIMIT 1", id) is not null).ToHashSet(),
        new HashSet<int>(), cancel);

    public Task<IReadOnlyList<ArtifactMatch>> MatchAsync(IReadOnlyList<ArtifactQuestion> questions, CancellationToken cancel) => Read<IReadOnlyList<ArtifactMatch>>(
        session => session.InSnapshot(s =>
        {
            var matching = new ArtifactMatching(new ArtifactRows(s));
            return questions.Select(matching.Match).ToList();
        }),
        [.. questions.Select(_ => new ArtifactMatch(null, null, null))], cancel);

    public Task<byte[]?> ReadAsync(string hash, CancellationToken cancel) => Read(
        session => session.First("SELECT content, size FROM blobs WHERE hash = ?1", Unpack, hash), null, cancel);

    public Task<UploadedBesides> FindBesidesAsync(int projectId, string mapHash, string? release, CancellationToken cancel) => Read(
        session => session.InSnapshot(s =>
        {
            var map = s.First(
                "SELECT release, dist, url FROM artifacts WHERE hash = ?2 AND project_id = ?1 AND kind = 1 AND release <> '' ORDER BY release = ?3 DESC, id DESC LIMIT 1",
                row => new { Release = row.GetString(0), Dist = row.GetString(1), Url = row.GetString(2) }, projectId, mapHash, release);
            if (map is null)
                return UploadedBesides.None;
            var hashes = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var (url, hash) in s.Query(
                "SELECT url, hash FROM artifacts WHERE project_id = ?1 AND release = ?2 AND dist = ?3 AND kind <> 1", row => (row.GetString(0), row.GetString(1)), projectId, map.Release, map.Dist))
                hashes[url] = hash;
            return new UploadedBesides(map.Url, hashes);
        }),
        UploadedBesides.None, cancel);

    public Task<Uploads> ListUploadsAsync(long after, long? upto, CancellationToken cancel) => Read(
        session => session.InSnapshot(s =>
        {
            const string Range = "FROM artifacts WHERE id > ?1 AND id <= ?2";
            var last = upto ?? long.MaxValue;
            var builds = s.Query(
                $"SELECT DISTINCT project_id, CASE WHEN debug_id IS NULL THEN release END {Range}",
                row => new UploadedBuild(row.GetInt32(0), row.GetStringOrNull(1)), after, last);
            return new Uploads(
                s.Number($"SELECT max(id) {Range}", after, last), s.Number($"SELECT min(uploaded_at) {Range}", after, last), s.Number($"SELECT max(uploaded_at) {Range}", after, last),
                UploadedBuild.Distinct(builds));
        }),
        new Uploads(after, 0, 0, []), cancel);

    public Task<IReadOnlyList<Artifact>> ListAsync(int projectId, int limit, CancellationToken cancel, string? release = null) => Read<IReadOnlyList<Artifact>>(
        session => session.Query(
            """
            SELECT a.id, a.release, a.dist, a.url, a.kind, a.debug_id, a.hash, b.size, a.uploaded_at, a.problem
            FROM artifacts a JOIN blobs b ON b.hash = a.hash WHERE a.project_id = ?1 AND (?3 IS NULL OR a.release = ?3) ORDER BY a.id DESC LIMIT ?2
            """,
            row => new Artifact(
                row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), (ArtifactKind)row.GetInt32(4),
                row.IsDBNull(5) ? null : Guid.Parse(row.GetString(5)), row.GetString(6), row.GetInt64(7), row.GetInt64(8), row.GetStringOrNull(9)),
            projectId, limit, release),
        [], cancel);

    public Task<IReadOnlyList<ArtifactRelease>> ListReleasesAsync(int projectId, int limit, CancellationToken cancel) => Read<IReadOnlyList<ArtifactRelease>>(
        session => session.Query(
            """
            SELECT a.release, count(*), sum(b.size), count(a.problem), max(a.uploaded_at)
            FROM artifacts a JOIN blobs b ON b.hash = a.hash WHERE a.project_id = ?1 GROUP BY a.release ORDER BY max(a.id) DESC LIMIT ?2
            """,
            row => new ArtifactRelease(row.GetString(0), row.GetInt32(1), row.GetInt64(2), row.GetInt32(3), row.GetInt64(4)), projectId, limit),
        [], cancel);

    public Task<long> GetUsageAsync(CancellationToken cancel) => Read(session => session.Number("SELECT coalesce(sum(packed), 0) FROM blobs"), 0L, cancel);

    public virtual async ValueTask DisposeAsync()
    {
        await _reading.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private static byte[] Unpack(SqliteRow row)
    {
        using var packed = new MemoryStream(row.GetBytes(0));
        return PackedUpload.Unpack(packed, row.GetInt64(1));
    }

    private Task<T> Read<T>(Func<SqliteSession, T> work, T nothing, CancellationToken cancel) =>
        System.IO.File.Exists(File.Path) ? _reading.RunAsync(work, interruptible: true, cancel) : Task.FromResult(nothing);

    private SqliteSession Open()
    {
        var session = new SqliteSession(File.OpenForReading());
        try
        {
            SqliteMigrations.Artifacts.RequireLatest(session, File.Path);
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }
}
