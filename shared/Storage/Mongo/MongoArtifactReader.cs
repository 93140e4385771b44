using ErrorPipeline.Shared.Storage.Mongo.Artifacts;
using ErrorPipeline.Shared.Storage.Mongo.Native;

namespace ErrorPipeline.Shared.Storage.Mongo;

/// <summary>Reads the artifacts of a MongoDB database beside the process that writes them. Before anything was uploaded there is nothing.</summary>
public class MongoArtifactReader : IArtifactReader
{
    private const int Clients = 2;

    private readonly MongoPool _reading;

    /// <summary>Throws <see cref="ArgumentException"/> for an address that cannot be one, and <see cref="DllNotFoundException"/> where the driver is not installed.</summary>
    /// <param name="uri">mongodb://HOST/DATABASE or mongodb+srv://, with whatever options the driver knows.</param>
    public MongoArtifactReader(string uri) => _reading = new(uri, Clients);

    public Task<IReadOnlySet<int>> FindProjectsAsync(IReadOnlyCollection<int> projects, CancellationToken cancel)
        => Read<IReadOnlySet<int>>(book => projects.Distinct().Where(book.HasAny).ToHashSet(), cancel);

    public Task<IReadOnlyList<ArtifactMatch>> MatchAsync(IReadOnlyList<ArtifactQuestion> questions, CancellationToken cancel) => Read<IReadOnlyList<ArtifactMatch>>(
        book =>
        {
            var matching = new ArtifactMatching(book);
            return questions.Select(matching.Match).ToList();
        },
        cancel);

    public Task<byte[]?> ReadAsync(string hash, CancellationToken cancel) =>
        _reading.RunAsync(session => new BlobShelf(new(session)).Read(StoreText.Clean(hash, 100)), cancel);

    public Task<UploadedBesides> FindBesidesAsync(int projectId, string mapHash, string? release, CancellationToken cancel)
        => Read(book => book.FindBesides(projectId, StoreText.Clean(mapHash, 100), release), cancel);

    public Task<Uploads> ListUploadsAsync(long after, long? upto, CancellationToken cancel) => Read(book => book.ListUploads(after, upto), cancel);

    public Task<IReadOnlyList<Artifact>> ListAsync(int projectId, int limit, CancellationToken cancel, string? release = null)
        => Read(book => book.List(projectId, limit, StoreText.CleanOrNull(release, ArtifactLimits.LongestName)), cancel);

    public Task<IReadOnlyList<ArtifactRelease>> ListReleasesAsync(int projectId, int limit, CancellationToken cancel)
        => Read(book => book.ListReleases(projectId, limit), cancel);

    public Task<long> GetUsageAsync(CancellationToken cancel) => _reading.RunAsync(session => new BlobShelf(new(session)).Usage(), cancel);

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return _reading.DisposeAsync();
    }

    private Task<T> Read<T>(Func<ArtifactBook, T> work, CancellationToken cancel) => _reading.RunAsync(session => work(new(new(session))), cancel);
}
