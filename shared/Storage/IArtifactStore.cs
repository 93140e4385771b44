using System.Text.Json.Serialization;

namespace ErrorPipeline.Shared.Storage;

/// <summary>
/// Source maps and minified files that were uploaded, each kept once however many releases have it. Read by workers, beside the process that writes.
/// Throws <see cref="StoreUnavailableException"/> for what is worth trying again; before the store is made there is just nothing in it.
/// </summary>
public interface IArtifactReader : IAsyncDisposable
{
    /// <summary>Which of the projects have anything uploaded.</summary>
    Task<IReadOnlySet<int>> FindProjectsAsync(IReadOnlyCollection<int> projects, CancellationToken cancel);

    /// <summary>The map of each generated file, or why there is none; in the order of the questions, all from one state of the store.</summary>
    Task<IReadOnlyList<ArtifactMatch>> MatchAsync(IReadOnlyList<ArtifactQuestion> questions, CancellationToken cancel);

    /// <summary>A file's bytes; null where no file has that hash.</summary>
    Task<byte[]?> ReadAsync(string hash, CancellationToken cancel);

    /// <summary>The files that were uploaded with a map, for those of its sources that it does not hold; empty where it was uploaded without a release.</summary>
    /// <param name="mapHash">What <see cref="ArtifactMatch.MapHash"/> told.</param>
    /// <param name="release">Which of several uploads of the map is meant.</param>
    Task<UploadedBesides> FindBesidesAsync(int projectId, string mapHash, string? release, CancellationToken cancel);

    /// <summary>What was uploaded after an artifact, up to another (null: the last).</summary>
    Task<Uploads> ListUploadsAsync(long after, long? upto, CancellationToken cancel);

    /// <summary>Newest first.</summary>
    /// <param name="release">Of that release alone; empty for what is found by debug id alone, null for all.</param>
    Task<IReadOnlyList<Artifact>> ListAsync(int projectId, int limit, CancellationToken cancel, string? release = null);

    /// <summary>Newest upload first.</summary>
    Task<IReadOnlyList<ArtifactRelease>> ListReleasesAsync(int projectId, int limit, CancellationToken cancel);

    /// <summary>Bytes of all projects' content, as kept.</summary>
    Task<long> GetUsageAsync(CancellationToken cancel);
}

/// <summary>Written by web alone, its bytes bounded.</summary>
public interface IArtifactStore : IArtifactReader
{
    Task MigrateAsync(CancellationToken cancel);

    /// <summary>
    /// Keeps files, each under its release, dist and URL in place of what was there: all or, where it throws, none. Durable at return.
    /// Throws <see cref="ArtifactRefusedException"/> where the project would have too many or the store would be too large.
    /// </summary>
    Task<IReadOnlyList<Artifact>> PutAsync(IReadOnlyList<ArtifactUpload> uploads, DateTimeOffset now, CancellationToken cancel);

    /// <summary>False where the project has no such artifact.</summary>
    Task<bool> DeleteAsync(int projectId, long id, CancellationToken cancel);

    /// <summary>Deletes all files of a release; how many.</summary>
    Task<int> DeleteReleaseAsync(int projectId, string release, CancellationToken cancel);

    /// <summary>
    /// Deletes the releases whose newest upload is before a moment, but for those that are still seen; how many files.
    /// Of what is found by debug id alone each file counts by itself.
    /// </summary>
    Task<int> DeleteOldAsync(DateTimeOffset uploadedBefore, IReadOnlyCollection<(int ProjectId, string Release)> seen, CancellationToken cancel);
}

/// <param name="MapUrl">The map's own address, which its sources are relative to; empty where it is gone.</param>
/// <param name="Hashes">By address.</param>
public sealed record UploadedBesides(string MapUrl, IReadOnlyDictionary<string, string> Hashes)
{
    public static readonly UploadedBesides None = new("", new Dictionary<string, string>());
}

/// <param name="Upto">The last of them.</param>
/// <param name="Oldest">When the first was uploaded, ms since 1970 UTC.</param>
/// <param name="Newest">When the last was uploaded, ms since 1970 UTC.</param>
/// <param name="Builds">Which events they may be for, each once, sorted by project and then by release (ordinal, null first).</param>
public sealed record Uploads(long Upto, long Oldest, long Newest, IReadOnlyList<UploadedBuild> Builds);

/// <param name="Release">Null where events of any release may name its debug ids.</param>
public sealed record UploadedBuild(int ProjectId, string? Release)
{
    /// <summary>Any release of a project includes each.</summary>
    internal static IReadOnlyList<UploadedBuild> Distinct(IReadOnlyCollection<UploadedBuild> builds)
    {
        var any = builds.Where(build => build.Release is null).Select(build => build.ProjectId).ToHashSet();
        return
        [
            .. builds.Where(build => build.Release is null || !any.Contains(build.ProjectId)).Distinct()
                .OrderBy(build => build.ProjectId).ThenBy(build => build.Release, StringComparer.Ordinal)
        ];
    }
}

/// <param name="Release">Empty for what is found by debug id alone.</param>
/// <param name="Bytes">As uploaded.</param>
/// <param name="Problems">Maps that cannot be used.</param>
/// <param name="UploadedAt">The newest, ms since 1970 UTC.</param>
public sealed record ArtifactRelease(string Release, int Files, long Bytes, int Problems, long UploadedAt);

public enum ArtifactKind
{
    /// <summary>The file that browsers run. It says where its map is.</summary>
    [JsonStringEnumMemberName("minified")]
    Minified = 0,

    [JsonStringEnumMemberName("map")]
    Map = 1,

    /// <summary>An original source, for maps that do not hold their sources.</summary>
    [JsonStringEnumMemberName("source")]
    Source = 2,
}

/// <param name="Release">Empty where it is found by its debug id alone.</param>
/// <param name="Url">As <see cref="ArtifactUrl.Normalize"/> writes it.</param>
/// <param name="Content">The file's bytes; not to be changed any more.</param>
public sealed record ArtifactUpload(int ProjectId, string Release, string Url, ArtifactKind Kind, ReadOnlyMemory<byte> Content)
{
    /// <summary>Tells builds of one release apart; mostly empty.</summary>
    public string Dist { get; init; } = "";

    public Guid? DebugId { get; init; }

    /// <summary>A minified file's sourceMappingURL.</summary>
    public string? MapUrl { get; init; }

    /// <summary>Why the map cannot be used, one sentence; null for one that can.</summary>
    public string? Problem { get; init; }
}

/// <param name="Size">Bytes as uploaded.</param>
/// <param name="Hash">SHA-256 of the content, lower-case hex.</param>
/// <param name="UploadedAt">ms since 1970 UTC.</param>
/// <param name="Problem">Why a map that is kept cannot be used.</param>
public sealed record Artifact(
    long Id, string Release, string Dist, string Url, [property: JsonConverter(typeof(JsonStringEnumConverter<ArtifactKind>))] ArtifactKind Kind,
    Guid? DebugId, string Hash, long Size, long UploadedAt, string? Problem);

/// <param name="File">The generated file as the browser named it.</param>
/// <param name="DebugId">What the event told of the file.</param>
public sealed record ArtifactQuestion(int ProjectId, string? Release, string File, string? Dist = null, Guid? DebugId = null);

/// <param name="MapHash">The map to read; null where there is none.</param>
/// <param name="DebugId">What the uploaded minified file says of itself.</param>
/// <param name="Problem">Why there is none, one sentence.</param>
public sealed record ArtifactMatch(string? MapHash, Guid? DebugId, string? Problem);

/// <summary>An upload that is refused; the message is for the person who uploads.</summary>
public sealed class ArtifactRefusedException : Exception
{
    public ArtifactRefusedException(string message)
        : base(message)
    {
    }

    public ArtifactRefusedException(string message, Exception inner)
        : base(message, inner)
    {
    }

    public ArtifactRefusedException()
    {
    }
}
