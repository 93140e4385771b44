namespace ErrorPipeline.Shared.Storage;

/// <summary>
/// Source maps and minified files that were uploaded, each kept once however many releases have it. Read by workers, beside the process that writes.
/// Throws <see cref="StoreUnavailableException"/> for what is worth trying again; before the file is made there is just nothing in it.
/// </summary>
public interface IArtifactReader : IAsyncDisposable
{
    /// <summary>Which of the projects have anything uploaded.</summary>
    Task<IReadOnlySet<int>> FindProjectsAsync(IReadOnlyCollection<int> projects, CancellationToken cancel);

    /// <summary>The map of each generated file, or why there is none; in the order of the questions, all from one state of the store.</summary>
    Task<IReadOnlyList<ArtifactMatch>> MatchAsync(IReadOnlyList<ArtifactQuestion> questions, CancellationToken cancel);

    /// <summary>A file's bytes; null where no file has that hash.</summary>
    Task<byte[]?> ReadAsync(string hash, CancellationToken cancel);

    /// <summary>Newest first.</summary>
    Task<IReadOnlyList<Artifact>> ListAsync(int projectId, int limit, CancellationToken cancel);
}

/// <summary>Written by web alone.</summary>
public interface IArtifactStore : IArtifactReader
{
    Task MigrateAsync(CancellationToken cancel);

    /// <summary>
    /// Keeps a file under its release and URL, in place of what was there. Durable at return.
    /// Throws <see cref="ArtifactRefusedException"/> where the project has too many.
    /// </summary>
    Task<Artifact> PutAsync(ArtifactUpload upload, ReadOnlyMemory<byte> content, DateTimeOffset now, CancellationToken cancel);

    /// <summary>False where the project has no such artifact.</summary>
    Task<bool> DeleteAsync(int projectId, long id, CancellationToken cancel);
}

/// <param name="Release">Empty where it is found by its debug id alone.</param>
/// <param name="Url">As <see cref="ArtifactUrl.Normalize"/> writes it.</param>
/// <param name="IsMap">A source map; otherwise a minified file, which only says where its map is.</param>
/// <param name="MapUrl">A minified file's sourceMappingURL.</param>
public sealed record ArtifactUpload(int ProjectId, string Release, string Url, bool IsMap, Guid? DebugId, string? MapUrl);

/// <param name="Size">Bytes as uploaded.</param>
/// <param name="Hash">SHA-256 of the content, lower-case hex.</param>
/// <param name="UploadedAt">ms since 1970 UTC.</param>
public sealed record Artifact(long Id, string Release, string Url, bool IsMap, Guid? DebugId, string Hash, long Size, long UploadedAt);

/// <param name="File">The generated file as the browser named it.</param>
public sealed record ArtifactQuestion(int ProjectId, string? Release, string File);

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
