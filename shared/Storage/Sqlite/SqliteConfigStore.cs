using System.Security.Cryptography;
using System.Text.Json;
using ErrorPipeline.Shared.Contracts;
using Microsoft.Data.Sqlite;

namespace ErrorPipeline.Shared.Storage.Sqlite;

/// <summary>The configuration in one SQLite file of its own, readable by its owner only: it holds password hashes.</summary>
public sealed class SqliteConfigStore : IConfigStore
{
    // The clock is part of the revision so that it goes on rising after the file was restored or made anew.
    internal const string Touch = "UPDATE revision SET number = max(number + 1, CAST(unixepoch('subsec') * 1000 AS INTEGER))";

    private readonly SqliteFile _file;
    private readonly SqliteThreads _writing;
    private readonly SqliteThreads _reading;

    public SqliteConfigStore(string path, TimeSpan? busyTimeout = null)
    {
        _file = new(path, busyTimeout ?? TimeSpan.FromSeconds(5));
        _writing = new(path, 1, () => new SqliteSession(_file.OpenForWriting()));
        _reading = new(path, 2, () => OpenReading());
    }

    public Task MigrateAsync(CancellationToken cancel) => _writing.RunAsync(
        session =>
        {
            SqliteMigrations.Config.Apply(session, _file.Path);
            return session.InTransaction(ProjectLinkRows.NameOlder);
        },
        interruptible: false, cancel);

    public Task<IReadOnlyList<Project>> ListProjectsAsync(CancellationToken cancel) => Read(Projects, cancel);

    public Task<Project?> GetProjectAsync(int id, CancellationToken cancel)
        => Read(session => Projects(session).FirstOrDefault(project => project.Id == id), cancel);

    public Task<Project> CreateProjectAsync(string name, DateTimeOffset now, CancellationToken cancel) => Write(
        session =>
        {
            var at = now.ToUnixTimeMilliseconds();
            var shortName = ProjectLinkRows.NewShortName(session, StoreText.Clean(name, 200));
            var id = (int)session.Number(
                "INSERT INTO projects (name, created_at, user_salt, short_name) VALUES (?1, ?2, ?3, ?4) RETURNING id",
                StoreText.Clean(name, 200), at, RandomHex(), shortName);
            var key = InsertKey(session, id, at);
            session.Execute(Touch);
            return new Project(id, StoreText.Clean(name, 200), [key], [], null, at) { ShortName = shortName };
        },
        cancel);

    public Task UpdateProjectAsync(
        int id, string name, IReadOnlyList<string> allowedOrigins, int? eventsPerMinute, CancellationToken cancel) => Write(
        session =>
        {
            Require(session.Execute(
                "UPDATE projects SET name = ?2, events_per_minute = ?3 WHERE id = ?1", id, StoreText.Clean(name, 200), eventsPerMinute), id);
            session.Execute("DELETE FROM project_origins WHERE project_id = ?1", id);
            for (var i = 0; i < allowedOrigins.Count; i++)
                session.Execute("INSERT INTO project_origins VALUES (?1, ?2, ?3)", id, i, StoreText.Clean(allowedOrigins[i], 500));
            return session.Execute(Touch);
        },
        cancel);

    public Task SetPolicyAsync(int id, ProjectPolicy policy, CancellationToken cancel) => Write(
        session =>
        {
            var json = JsonSerializer.SerializeToUtf8Bytes(policy, ContractsJson.Default.ProjectPolicy);
            Require(session.Execute("UPDATE projects SET policy = ?2 WHERE id = ?1", id, json), id);
            return session.Execute(Touch);
        },
        cancel);

    public Task SetLinksAsync(int id, ProjectLinks links, CancellationToken cancel) => Write(
        session =>
        {
            Require(ProjectLinkRows.SetLinks(session, id, links), id);
            return true;
        },
        cancel);

    public Task SetReleaseCommitsAsync(int projectId, string release, IReadOnlyList<ReleaseCommit> commits, DateTimeOffset now, CancellationToken cancel) => Write(
        session =>
        {
            Require((int)session.Number("SELECT count(*) FROM projects WHERE id = ?1", projectId), projectId);
            return ProjectLinkRows.SetCommits(session, projectId, release, commits, now.ToUnixTimeMilliseconds());
        },
        cancel);

    public Task<IReadOnlyList<ReleaseCommit>> ListReleaseCommitsAsync(int projectId, string release, CancellationToken cancel)
        => Read(session => ProjectLinkRows.Commits(session, projectId, release), cancel);

    public Task<ProjectKey> AddKeyAsync(int projectId, DateTimeOffset now, CancellationToken cancel) => Write(
        session =>
        {
            Require((int)session.Number("SELECT count(*) FROM projects WHERE id = ?1", projectId), projectId);
            var key = InsertKey(session, projectId, now.ToUnixTimeMilliseconds());
            session.Execute(Touch);
            return key;
        },
        cancel);

    public Task RevokeKeyAsync(int projectId, string key, DateTimeOffset now, CancellationToken cancel) => Write(
        session =>
        {
            session.Execute(
                "UPDATE project_keys SET revoked_at = ?3 WHERE project_id = ?1 AND key = ?2 AND revoked_at IS NULL",
                projectId, StoreText.Clean(key, 100), now.ToUnixTimeMilliseconds());
            return session.Execute(Touch);
        },
        cancel);

    public Task<ConfigSnapshot> GetSnapshotAsync(CancellationToken cancel) => Read(
        session => session.InSnapshot(s =>
        {
            var salts = s.Query("SELECT id, user_salt FROM projects", row => (Id: row.GetInt32(0), Salt: row.GetString(1))).ToDictionary(row => row.Id, row => row.Salt);
            var erased = ErasureRows.List(s, null, ErasureRows.MostTold).ToLookup(e => e.ProjectId, e => new ErasedPerson(e.Hash, e.At));
            return new ConfigSnapshot
            {
                Revision = s.Number("SELECT number FROM revision WHERE id = 1"),
                Projects = [.. Projects(s).Select(project => ToConfig(project, salts[project.Id]) with { Erased = erased[project.Id].Any() ? [.. erased[project.Id]] : null })],
            };
        }),
        cancel);

    public Task AddUploadTokenAsync(UploadToken token, CancellationToken cancel) => Write(
        session =>
        {
            Require(UploadTokenRows.Add(session, token), token.ProjectId);
            return true;
        },
        cancel);

    public Task<IReadOnlyList<UploadToken>> ListUploadTokensAsync(int projectId, CancellationToken cancel)
        => Read<IReadOnlyList<UploadToken>>(session => UploadTokenRows.List(session, projectId), cancel);

    public Task<UploadToken?> FindUploadTokenAsync(string id, CancellationToken cancel) => Read(session => UploadTokenRows.Find(session, id), cancel);

    public Task<bool> RevokeUploadTokenAsync(int projectId, string id, CancellationToken cancel)
        => Write(session => UploadTokenRows.Delete(session, projectId, id), cancel);

    public Task NoteUploadTokenUseAsync(string id, DateTimeOffset now, CancellationToken cancel)
        => Write(session => TokenUseRows.Note(session, "upload_tokens", id, now.ToUnixTimeMilliseconds()), cancel);

    public Task AddApiTokenAsync(ApiToken token, CancellationToken cancel) => Write(
        session => ApiTokenRows.Add(session, token) > 0 ? true : throw new ArgumentException($"there is no user {token.UserId}", nameof(token)), cancel);

    public Task<IReadOnlyList<ApiToken>> ListApiTokensAsync(long userId, CancellationToken cancel)
        => Read<IReadOnlyList<ApiToken>>(session => ApiTokenRows.List(session, userId), cancel);

    public Task<ApiToken?> FindApiTokenAsync(string id, CancellationToken cancel) => Read(session => ApiTokenRows.Find(session, id), cancel);

    public Task<bool> RevokeApiTokenAsync(long userId, string id, CancellationToken cancel)
        => Write(session => ApiTokenRows.Delete(session, userId, id), cancel);

    public Task NoteApiTokenUseAsync(string id, DateTimeOffset now, CancellationToken cancel)
        => Write(session => TokenUseRows.Note(session, "api_tokens", id, now.ToUnixTimeMilliseconds()), cancel);

    public Task<User?> FindUserAsync(string email, CancellationToken cancel)
        => Read(session => session.First(SelectUser + "email = ?1", ReadUser, StoreText.Clean(email, 320)), cancel);

    public Task<User?> GetUserAsync(long id, CancellationToken cancel)
        => Read(session => session.First(SelectUser + "id = ?1", ReadUser, id), cancel);

    public Task AddErasureAsync(Erasure erasure, CancellationToken cancel) => Write(
        session =>
        {
            Require(ErasureRows.Add(session, erasure), erasure.ProjectId);
            return session.Execute(Touch);
        },
        cancel);

    public Task NoteErasureAsync(Erasure erasure, CancellationToken cancel) => Write(session => ErasureRows.Note(session, erasure), cancel);

    public Task<IReadOnlyList<Erasure>> ListErasuresAsync(int? projectId, int limit, CancellationToken cancel)
        => Read<IReadOnlyList<Erasure>>(session => ErasureRows.List(session, projectId, limit), cancel);

    public Task<IReadOnlyList<User>> ListUsersAsync(CancellationToken cancel)
        => Read<IReadOnlyList<User>>(session => session.Query(SelectUser + "true ORDER BY email", ReadUser), cancel);

    public Task<int> CountUsersAsync(CancellationToken cancel)
        => Read(session => (int)session.Number("SELECT count(*) FROM users"), cancel);

    public Task<long> SaveSearchAsync(SavedSearch search, CancellationToken cancel) => Write(session => SearchRows.Save(session, search), cancel);

    public Task<IReadOnlyList<SavedSearch>> ListSearchesAsync(long userId, CancellationToken cancel) => Read(session => SearchRows.List(session, userId), cancel);

    public Task<bool> DeleteSearchAsync(long userId, long id, CancellationToken cancel) => Write(session => SearchRows.Delete(session, userId, id), cancel);

    public Task<User> CreateUserAsync(string email, string passwordHash, DateTimeOffset now, CancellationToken cancel) => Write(
        session => session.First(
            """
            INSERT INTO users (email, password_hash, security_stamp, created_at) VALUES (?1, ?2, ?3, ?4)
            ON CONFLICT (email) DO NOTHING
            RETURNING id, email, password_hash, security_stamp, created_at
            """,
            ReadUser, StoreText.Clean(email, 320), passwordHash, RandomHex(), now.ToUnixTimeMilliseconds())
            ?? throw new ArgumentException($"there is a user {email} already", nameof(email)),
        cancel);

    public Task SetPasswordAsync(long userId, string passwordHash, CancellationToken cancel) => Write(
        session => session.Execute(
            "UPDATE users SET password_hash = ?2, security_stamp = ?3 WHERE id = ?1", userId, passwordHash, RandomHex()),
        cancel);

    public Task AddToOutboxAsync(StoreCommand command, CancellationToken cancel) => Write(
        session => session.Execute(
            "INSERT INTO outbox (id, command) VALUES (?1, ?2) ON CONFLICT (id) DO NOTHING",
            StoreText.Clean(command.Id, 100), JsonSerializer.SerializeToUtf8Bytes(command, ContractsJson.Default.StoreCommand)),
        cancel);

    public Task<IReadOnlyList<StoreCommand>> ListOutboxAsync(CancellationToken cancel) => Read<IReadOnlyList<StoreCommand>>(
        session => session.Query(
            "SELECT command FROM outbox ORDER BY position",
            row => JsonSerializer.Deserialize(row.GetBytes(0), ContractsJson.Default.StoreCommand)!),
        cancel);

    public Task RemoveFromOutboxAsync(IReadOnlyCollection<string> ids, CancellationToken cancel) => Write(
        session => ids.Sum(id => session.Execute("DELETE FROM outbox WHERE id = ?1", StoreText.Clean(id, 100))),
        cancel);

    public async ValueTask DisposeAsync()
    {
        await _reading.DisposeAsync();
        await _writing.DisposeAsync();
    }

    private const string SelectUser = "SELECT id, email, password_hash, security_stamp, created_at FROM users WHERE ";

    private static User ReadUser(SqliteRow row)
        => new(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetInt64(4));

    private static ProjectConfig ToConfig(Project project, string salt) => new()
    {
        Id = project.Id,
        Name = project.Name,
        Keys = [.. project.Keys.Where(key => key.RevokedAt is null).Select(key => key.Key)],
        AllowedOrigins = project.AllowedOrigins,
        EventsPerMinute = project.EventsPerMinute,
        Policy = project.Policy,
        UserSalt = salt,
    };

    private static IReadOnlyList<Project> Projects(SqliteSession session)
    {
        var keys = session.Query(
            "SELECT project_id, key, created_at, revoked_at FROM project_keys ORDER BY id",
            row => (Project: row.GetInt32(0), Key: new ProjectKey(row.GetString(1), row.GetInt64(2), row.GetInt64OrNull(3))))
            .ToLookup(row => row.Project, row => row.Key);
        var origins = session.Query(
            "SELECT project_id, origin FROM project_origins ORDER BY project_id, position", row => (Project: row.GetInt32(0), Origin: row.GetString(1)))
            .ToLookup(row => row.Project, row => row.Origin);
        return session.Query(
            "SELECT id, name, events_per_minute, created_at, policy, short_name, links FROM projects ORDER BY id",
            row => new Project(
                row.GetInt32(0), row.GetString(1), [.. keys[row.GetInt32(0)]], [.. origins[row.GetInt32(0)]],
                row.IsDBNull(2) ? null : row.GetInt32(2), row.GetInt64(3))
            {
                Policy = row.IsDBNull(4) ? new() : JsonSerializer.Deserialize(row.GetBytes(4), ContractsJson.Default.ProjectPolicy) ?? new(),
                ShortName = row.IsDBNull(5) ? "" : row.GetString(5),
                Links = ProjectLinkRows.ReadLinks(row.GetBytesOrNull(6)),
            });
    }

    private static ProjectKey InsertKey(SqliteSession session, int projectId, long at)
    {
        var key = new ProjectKey(RandomHex(), at, null);
        session.Execute("INSERT INTO project_keys (key, project_id, created_at) VALUES (?1, ?2, ?3)", key.Key, projectId, at);
        return key;
    }

    private static string RandomHex() => RandomNumberGenerator.GetHexString(32, lowercase: true);

    private static void Require(int found, int projectId)
    {
        if (found == 0)
            throw new ArgumentException($"there is no project {projectId}", nameof(projectId));
    }

    private SqliteSession OpenReading()
    {
        var session = new SqliteSession(_file.OpenForReading());
        try
        {
            SqliteMigrations.Config.RequireLatest(session, _file.Path);
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    private Task<T> Read<T>(Func<SqliteSession, T> work, CancellationToken cancel) => _reading.RunAsync(work, interruptible: true, cancel);

    private Task<T> Write<T>(Func<SqliteSession, T> work, CancellationToken cancel)
        => _writing.RunAsync(session => session.InTransaction(work), interruptible: false, cancel);
}
