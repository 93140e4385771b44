using System.Security.Cryptography;
using System.Text.Json;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Storage.Mongo.Bson;
using ErrorPipeline.Shared.Storage.Mongo.Native;

namespace ErrorPipeline.Shared.Storage.Mongo;

/// <summary>
/// The configuration in a MongoDB database. A change is one document each, and the revision rises after it: who reads the revision first
/// never holds an old state under a new number. Where a process ended between the two, the next start raises it.
/// </summary>
public sealed class MongoConfigStore : IConfigStore
{
    private const int Clients = 4;

    private readonly MongoPool _pool;
    private readonly TimeProvider _clock;

    /// <summary>Throws <see cref="ArgumentException"/> for an address that cannot be one, and <see cref="DllNotFoundException"/> where the driver is not installed.</summary>
    /// <param name="uri">mongodb://HOST/DATABASE or mongodb+srv://, with whatever options the driver knows.</param>
    /// <param name="clock">For the revision, which goes on rising after a database was restored or made anew.</param>
    public MongoConfigStore(string uri, TimeProvider clock)
    {
        _pool = new(uri, Clients);
        _clock = clock;
    }

    public Task MigrateAsync(CancellationToken cancel) => Run(
        config =>
        {
            MongoProjectLinks.NameOlder(config.Projects.All);
            config.ReleaseCommits.EnsureIndex("project", keys => keys.Int32("project"u8, 1));
            config.Projects.Keys.EnsureIndex("project", keys => keys.Int32("project"u8, 1));
            config.Users.EnsureIndex("number", keys => keys.Int32("number"u8, 1), unique: true);
            config.Tokens.EnsureIndex("project", keys => keys.Int32("project"u8, 1));
            config.ApiTokens.EnsureIndex("user", keys => keys.Int32("user"u8, 1));
            config.Erasures.EnsureIndex("at", keys => keys.Int32("at"u8, -1));
            config.Searches.EnsureIndex("user", keys => keys.Int32("user"u8, 1));
            config.Searches.EnsureIndex("shared", keys => keys.Int32("shared"u8, 1));
            config.Outbox.EnsureIndex("position", keys => keys.Int32("position"u8, 1));
            return config.Touch();
        },
        cancel);

    public Task<IReadOnlyList<Project>> ListProjectsAsync(CancellationToken cancel)
        => Run<IReadOnlyList<Project>>(config => [.. config.Projects.List().Select(stored => stored.Project)], cancel);

    public Task<Project?> GetProjectAsync(int id, CancellationToken cancel) => Run(config => config.Projects.Find(id), cancel);

    public Task<Project> CreateProjectAsync(string name, DateTimeOffset now, CancellationToken cancel) => Run(
        config =>
        {
            var project = config.Projects.Create((int)config.Next("projects"), StoreText.Clean(name, 200), now.ToUnixTimeMilliseconds());
            config.Touch();
            return project;
        },
        cancel);

    public Task UpdateProjectAsync(
        int id, string name, IReadOnlyList<string> allowedOrigins, int? eventsPerMinute, CancellationToken cancel) => Run(
        config =>
        {
            Require(config.Projects.Update(id, StoreText.Clean(name, 200), allowedOrigins, eventsPerMinute), id);
            return config.Touch();
        },
        cancel);

    public Task SetPolicyAsync(int id, ProjectPolicy policy, CancellationToken cancel) => Run(
        config =>
        {
            Require(config.Projects.SetPolicy(id, policy), id);
            return config.Touch();
        },
        cancel);

    public Task SetLinksAsync(int id, ProjectLinks links, CancellationToken cancel) => Run(
        config =>
        {
            Require(config.Projects.SetLinks(id, links), id);
            return true;
        },
        cancel);

    public Task SetReleaseCommitsAsync(int projectId, string release, IReadOnlyList<ReleaseCommit> commits, DateTimeOffset now, CancellationToken cancel) => Run(
        config =>
        {
            Require(config.Projects.Has(projectId), projectId);
            return MongoProjectLinks.SetCommits(config.ReleaseCommits, projectId, release, commits, now.ToUnixTimeMilliseconds());
        },
        cancel);

    public Task<IReadOnlyList<ReleaseCommit>> ListReleaseCommitsAsync(int projectId, string release, CancellationToken cancel)
        => Run(config => MongoProjectLinks.Commits(config.ReleaseCommits, projectId, release), cancel);

    public Task<ProjectKey> AddKeyAsync(int projectId, DateTimeOffset now, CancellationToken cancel) => Run(
        config =>
        {
            Require(config.Projects.Has(projectId), projectId);
            var key = config.Projects.AddKey(projectId, now.ToUnixTimeMilliseconds());
            config.Touch();
            return key;
        },
        cancel);

    public Task RevokeKeyAsync(int projectId, string key, DateTimeOffset now, CancellationToken cancel) => Run(
        config =>
        {
            config.Projects.RevokeKey(projectId, StoreText.Clean(key, 100), now.ToUnixTimeMilliseconds());
            return config.Touch();
        },
        cancel);

    public Task<ConfigSnapshot> GetSnapshotAsync(CancellationToken cancel) => Run(
        config =>
        {
            // The revision first: who reads it never holds an old state under a new number.
            var revision = config.Revision();
            var erased = MongoErasures.List(config.Erasures, null, MongoErasures.MostTold).ToLookup(e => e.ProjectId, e => new ErasedPerson(e.Hash, e.At));
            return new ConfigSnapshot
            {
                Revision = revision,
                Projects = [.. config.Projects.List().Select(stored => stored.ToConfig() with { Erased = erased[stored.Project.Id].Any() ? [.. erased[stored.Project.Id]] : null })],
            };
        },
        cancel);

    public Task AddUploadTokenAsync(UploadToken token, CancellationToken cancel) => Run(
        config =>
        {
            Require(config.Projects.Has(token.ProjectId), token.ProjectId);
            return MongoUploadTokens.Add(config.Tokens, token);
        },
        cancel);

    public Task<IReadOnlyList<UploadToken>> ListUploadTokensAsync(int projectId, CancellationToken cancel)
        => Run<IReadOnlyList<UploadToken>>(config => MongoUploadTokens.List(config.Tokens, projectId), cancel);

    public Task<UploadToken?> FindUploadTokenAsync(string id, CancellationToken cancel) => Run(config => MongoUploadTokens.Find(config.Tokens, id), cancel);

    public Task<bool> RevokeUploadTokenAsync(int projectId, string id, CancellationToken cancel)
        => Run(config => MongoUploadTokens.Delete(config.Tokens, projectId, id), cancel);

    public Task NoteUploadTokenUseAsync(string id, DateTimeOffset now, CancellationToken cancel)
        => Run(config => MongoTokenUse.Note(config.Tokens, id, now.ToUnixTimeMilliseconds()), cancel);

    public Task AddApiTokenAsync(ApiToken token, CancellationToken cancel) => Run(
        config => config.Users.Count(w => w.Int64("number"u8, token.UserId), 1) > 0
            ? MongoApiTokens.Add(config.ApiTokens, token)
            : throw new ArgumentException($"there is no user {token.UserId}", nameof(token)),
        cancel);

    public Task<IReadOnlyList<ApiToken>> ListApiTokensAsync(long userId, CancellationToken cancel)
        => Run<IReadOnlyList<ApiToken>>(config => MongoApiTokens.List(config.ApiTokens, userId), cancel);

    public Task<ApiToken?> FindApiTokenAsync(string id, CancellationToken cancel) => Run(config => MongoApiTokens.Find(config.ApiTokens, id), cancel);

    public Task<bool> RevokeApiTokenAsync(long userId, string id, CancellationToken cancel)
        => Run(config => MongoApiTokens.Delete(config.ApiTokens, userId, id), cancel);

    public Task NoteApiTokenUseAsync(string id, DateTimeOffset now, CancellationToken cancel)
        => Run(config => MongoTokenUse.Note(config.ApiTokens, id, now.ToUnixTimeMilliseconds()), cancel);

    public Task<User?> FindUserAsync(string email, CancellationToken cancel)
        => Run(config => config.Users.First(w => w.String("_id"u8, EmailKey(email)), ReadUser), cancel);

    public Task<User?> GetUserAsync(long id, CancellationToken cancel)
        => Run(config => config.Users.First(w => w.Int64("number"u8, id), ReadUser), cancel);

    public Task AddErasureAsync(Erasure erasure, CancellationToken cancel) => Run(
        config =>
        {
            Require(config.Projects.Has(erasure.ProjectId), erasure.ProjectId);
            MongoErasures.Add(config.Erasures, erasure);
            return config.Touch();
        },
        cancel);

    public Task NoteErasureAsync(Erasure erasure, CancellationToken cancel) => Run(config => MongoErasures.Note(config.Erasures, erasure), cancel);

    public Task<IReadOnlyList<Erasure>> ListErasuresAsync(int? projectId, int limit, CancellationToken cancel)
        => Run<IReadOnlyList<Erasure>>(config => MongoErasures.List(config.Erasures, projectId, limit), cancel);

    public Task<IReadOnlyList<User>> ListUsersAsync(CancellationToken cancel)
        => Run<IReadOnlyList<User>>(config => config.Users.Query(_ => { }, ReadUser, BsonQuery.Sorted(0, ("_id", 1))), cancel);

    public Task<int> CountUsersAsync(CancellationToken cancel) => Run(config => (int)config.Users.Count(_ => { }), cancel);

    public Task<long> SaveSearchAsync(SavedSearch search, CancellationToken cancel)
        => Run(config => MongoSearches.Save(config.Searches, search, () => config.Next("searches")), cancel);

    public Task<IReadOnlyList<SavedSearch>> ListSearchesAsync(long userId, CancellationToken cancel)
        => Run(config => MongoSearches.List(config.Searches, userId), cancel);

    public Task<bool> DeleteSearchAsync(long userId, long id, CancellationToken cancel)
        => Run(config => MongoSearches.Delete(config.Searches, userId, id), cancel);

    public Task<User> CreateUserAsync(string email, string passwordHash, DateTimeOffset now, CancellationToken cancel) => Run(
        config =>
        {
            var user = new User(config.Next("users"), StoreText.Clean(email, 320), passwordHash, MongoConfig.RandomHex(), now.ToUnixTimeMilliseconds());
            var made = config.Users.Insert(w =>
            {
                w.String("_id"u8, EmailKey(email));
                w.Int64("number"u8, user.Id);
                w.String("email"u8, user.Email);
                w.String("passwordHash"u8, user.PasswordHash);
                w.String("stamp"u8, user.SecurityStamp);
                w.Int64("createdAt"u8, user.CreatedAt);
            });
            return made ? user : throw new ArgumentException($"there is a user {email} already", nameof(email));
        },
        cancel);

    public Task SetPasswordAsync(long userId, string passwordHash, CancellationToken cancel) => Run(
        config => config.Users.Update(w => w.Int64("number"u8, userId), w =>
        {
            using var set = w.Document("$set"u8);
            w.String("passwordHash"u8, passwordHash);
            w.String("stamp"u8, MongoConfig.RandomHex());
        }),
        cancel);

    public Task AddToOutboxAsync(StoreCommand command, CancellationToken cancel) => Run(
        config =>
        {
            var position = config.Next("outbox");
            return config.Outbox.Insert(w =>
            {
                w.String("_id"u8, StoreText.Clean(command.Id, 100));
                w.Int64("position"u8, position);
                w.Binary("command"u8, JsonSerializer.SerializeToUtf8Bytes(command, ContractsJson.Default.StoreCommand));
            });
        },
        cancel);

    public Task<IReadOnlyList<StoreCommand>> ListOutboxAsync(CancellationToken cancel) => Run<IReadOnlyList<StoreCommand>>(
        config => config.Outbox.Query(
            _ => { },
            document => JsonSerializer.Deserialize(document["command"u8].Binary(), ContractsJson.Default.StoreCommand)!,
            options =>
            {
                using var sort = options.Document("sort"u8);
                options.Int32("position"u8, 1);
            }),
        cancel);

    public Task RemoveFromOutboxAsync(IReadOnlyCollection<string> ids, CancellationToken cancel) => Run(
        config => config.Outbox.Delete(w =>
        {
            using var id = w.Document("_id"u8);
            using var any = w.Array("$in"u8);
            foreach (var one in ids)
                w.String(default, StoreText.Clean(one, 100));
        }),
        cancel);

    public ValueTask DisposeAsync() => _pool.DisposeAsync();

    private static User ReadUser(BsonView stored) => new(
        stored["number"u8].Int64(), stored["email"u8].String(), stored["passwordHash"u8].String(), stored["stamp"u8].String(), stored["createdAt"u8].Int64());

    /// <summary>An address is one in whichever case it is typed.</summary>
    internal static string EmailKey(string email) => StoreText.Clean(email, 320).ToLowerInvariant();

    private static void Require(bool found, int projectId)
    {
        if (!found)
            throw new ArgumentException($"there is no project {projectId}", nameof(projectId));
    }

    private Task<T> Run<T>(Func<MongoConfig, T> work, CancellationToken cancel) =>
        _pool.RunAsync(session => work(new MongoConfig(session, _clock)), cancel);
}
