using ErrorPipeline.Shared.Contracts;

namespace ErrorPipeline.Shared.Storage;

/// <summary>
/// Projects, keys, users and the outbox of commands. Written by web alone. Throws <see cref="StoreUnavailableException"/>
/// for what is worth trying again, <see cref="ArgumentException"/> for a project that does not exist or an e-mail address that is taken.
/// </summary>
public interface IConfigStore : IAsyncDisposable
{
    Task MigrateAsync(CancellationToken cancel);

    Task<IReadOnlyList<Project>> ListProjectsAsync(CancellationToken cancel);
    Task<Project?> GetProjectAsync(int id, CancellationToken cancel);

    /// <summary>Makes a project with one key and returns it.</summary>
    Task<Project> CreateProjectAsync(string name, DateTimeOffset now, CancellationToken cancel);
    Task UpdateProjectAsync(int id, string name, IReadOnlyList<string> allowedOrigins, int? eventsPerMinute, CancellationToken cancel);

    /// <summary>Replaces what the project's people decided about its events.</summary>
    Task SetPolicyAsync(int id, ProjectPolicy policy, CancellationToken cancel);

    /// <summary>Replaces where else the project lives.</summary>
    Task SetLinksAsync(int id, ProjectLinks links, CancellationToken cancel);

    /// <summary>Replaces what is known of a release's commits, the newest first. Of a project's releases those told last are kept; both are cut to a bound.</summary>
    Task SetReleaseCommitsAsync(int projectId, string release, IReadOnlyList<ReleaseCommit> commits, DateTimeOffset now, CancellationToken cancel);

    /// <summary>Empty where none were told, or they were told too long ago.</summary>
    Task<IReadOnlyList<ReleaseCommit>> ListReleaseCommitsAsync(int projectId, string release, CancellationToken cancel);

    /// <summary>Adds a key; the older ones go on working until they are revoked.</summary>
    Task<ProjectKey> AddKeyAsync(int projectId, DateTimeOffset now, CancellationToken cancel);
    Task RevokeKeyAsync(int projectId, string key, DateTimeOffset now, CancellationToken cancel);

    /// <summary>What collectors get: active keys only. Its revision rises with every change of a project or key.</summary>
    Task<ConfigSnapshot> GetSnapshotAsync(CancellationToken cancel);

    /// <summary>Keeps a token that uploads to its project; only its hash is known here.</summary>
    Task AddUploadTokenAsync(UploadToken token, CancellationToken cancel);

    /// <summary>Newest first.</summary>
    Task<IReadOnlyList<UploadToken>> ListUploadTokensAsync(int projectId, CancellationToken cancel);
    Task<UploadToken?> FindUploadTokenAsync(string id, CancellationToken cancel);

    /// <summary>From now on it opens nothing. False where the project has no such token.</summary>
    Task<bool> RevokeUploadTokenAsync(int projectId, string id, CancellationToken cancel);

    /// <summary>To the minute.</summary>
    Task NoteUploadTokenUseAsync(string id, DateTimeOffset now, CancellationToken cancel);

    /// <summary>Keeps a personal token; only its hash is known here. Throws <see cref="ArgumentException"/> for a user that does not exist.</summary>
    Task AddApiTokenAsync(ApiToken token, CancellationToken cancel);

    /// <summary>Newest first.</summary>
    Task<IReadOnlyList<ApiToken>> ListApiTokensAsync(long userId, CancellationToken cancel);
    Task<ApiToken?> FindApiTokenAsync(string id, CancellationToken cancel);

    /// <summary>From now on it opens nothing. False where the user has no such token.</summary>
    Task<bool> RevokeApiTokenAsync(long userId, string id, CancellationToken cancel);

    /// <summary>To the minute.</summary>
    Task NoteApiTokenUseAsync(string id, DateTimeOffset now, CancellationToken cancel);

    Task<User?> FindUserAsync(string email, CancellationToken cancel);
    Task<User?> GetUserAsync(long id, CancellationToken cancel);
    /// <summary>Notes that a person's data is to go: from now on the snapshot names its hash. Raises the revision.</summary>
    Task AddErasureAsync(Erasure erasure, CancellationToken cancel);

    /// <summary>Replaces what is known of how it went.</summary>
    Task NoteErasureAsync(Erasure erasure, CancellationToken cancel);

    /// <summary>The journal of a project, or (null) of all: newest first.</summary>
    Task<IReadOnlyList<Erasure>> ListErasuresAsync(int? projectId, int limit, CancellationToken cancel);

    /// <summary>By address.</summary>
    Task<IReadOnlyList<User>> ListUsersAsync(CancellationToken cancel);
    Task<int> CountUsersAsync(CancellationToken cancel);
    Task<User> CreateUserAsync(string email, string passwordHash, DateTimeOffset now, CancellationToken cancel);

    /// <summary>Also changes the user's security stamp, which ends the sessions that are open.</summary>
    Task SetPasswordAsync(long userId, string passwordHash, CancellationToken cancel);

    /// <summary>Keeps a search; one of the same name and owner is replaced. Returns its id.</summary>
    Task<long> SaveSearchAsync(SavedSearch search, CancellationToken cancel);

    /// <summary>A user's own and those that are shared, by name.</summary>
    Task<IReadOnlyList<SavedSearch>> ListSearchesAsync(long userId, CancellationToken cancel);

    /// <summary>False where the user has no such search.</summary>
    Task<bool> DeleteSearchAsync(long userId, long id, CancellationToken cancel);

    /// <summary>Keeps a command until <see cref="RemoveFromOutboxAsync"/>; survives restarts. Order is kept.</summary>
    Task AddToOutboxAsync(StoreCommand command, CancellationToken cancel);
    Task<IReadOnlyList<StoreCommand>> ListOutboxAsync(CancellationToken cancel);
    Task RemoveFromOutboxAsync(IReadOnlyCollection<string> ids, CancellationToken cancel);
}

public sealed record Project(
    int Id, string Name, IReadOnlyList<ProjectKey> Keys, IReadOnlyList<string> AllowedOrigins, int? EventsPerMinute, long CreatedAt)
{
    /// <summary>Filters, rules and privacy; empty where nothing was decided.</summary>
    public ProjectPolicy Policy { get; init; } = new();

    /// <summary>What its issues are called by: "SHOP" in SHOP-3F. No other project has it, and it stays when the project is renamed.</summary>
    public string ShortName { get; init; } = "";

    public ProjectLinks Links { get; init; } = new();
}

/// <param name="RevokedAt">ms since 1970 UTC; null while the key works.</param>
public sealed record ProjectKey(string Key, long CreatedAt, long? RevokedAt);

/// <param name="SecurityStamp">Changes with the password; a session made under another stamp is void.</param>
public sealed record User(long Id, string Email, string PasswordHash, string SecurityStamp, long CreatedAt);

/// <param name="Id">The part of the token that is no secret.</param>
/// <param name="Hash">SHA-256 of the whole token. It is random and long, so no slow hash is needed.</param>
/// <param name="LastUsedAt">ms since 1970 UTC; null where it never was.</param>
public sealed record UploadToken(string Id, int ProjectId, string Name, byte[] Hash, long CreatedAt, long? LastUsedAt);

/// <summary>A token that acts for a user, as far as its scope goes.</summary>
/// <param name="Id">The part of the token that is no secret.</param>
/// <param name="Hash">SHA-256 of the whole token. It is random and long, so no slow hash is needed.</param>
/// <param name="Scope">"read", "write" (and read) or "admin" (everything); what is not known opens nothing.</param>
/// <param name="ExpiresAt">ms since 1970 UTC; null where it does not expire.</param>
/// <param name="LastUsedAt">ms since 1970 UTC; null where it never was.</param>
public sealed record ApiToken(string Id, long UserId, string Name, byte[] Hash, string Scope, long CreatedAt, long? ExpiresAt, long? LastUsedAt);

/// <summary>An entry of the journal: who had whose data erased, without saying who that was.</summary>
/// <param name="Id">32 hex digits.</param>
/// <param name="Hash">See <c>Policies.PersonHash</c>.</param>
/// <param name="Kind">"e-mail address", "network address" or "user id".</param>
/// <param name="At">Events received up to then go, ms since 1970 UTC.</param>
/// <param name="Events">Events that were kept whole, with what was said of them.</param>
/// <param name="DoneAt">When nothing of before could be on its way any more; null until then.</param>
public sealed record Erasure(string Id, int ProjectId, string Hash, string Kind, long At, string? By, long Events, long Letters, long? DoneAt);

/// <param name="Id">0 before it is kept.</param>
/// <param name="UserId">Whose it is: nobody else may delete it.</param>
/// <param name="ProjectId">Null where it is for all projects.</param>
/// <param name="Query">Of the address of the list, without its first character "?".</param>
/// <param name="IsShared">Everybody sees it.</param>
public sealed record SavedSearch(long Id, long UserId, int? ProjectId, string Name, string Query, bool IsShared);
