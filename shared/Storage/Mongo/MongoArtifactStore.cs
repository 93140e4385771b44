using ErrorPipeline.Shared.Storage.Mongo.Artifacts;
using ErrorPipeline.Shared.Storage.Mongo.Native;

namespace ErrorPipeline.Shared.Storage.Mongo;

/// <summary>The artifacts in a MongoDB database: a document for each file, its content once in chunks.</summary>
public sealed class MongoArtifactStore : MongoArtifactReader, IArtifactStore
{
    private readonly MongoPool _writing;
    private readonly ArtifactLimits _limits;
    private readonly TimeProvider _clock;

    /// <inheritdoc cref="MongoArtifactReader(string)"/>
    /// <param name="uri">mongodb://HOST/DATABASE or mongodb+srv://, with whatever options the driver knows.</param>
    /// <param name="clock">Tells what was left behind by a process that was killed.</param>
    /// <param name="mostArtifacts">References that one project may have.</param>
    /// <param name="mostBytes">Bytes that all content together may have, as kept.</param>
    public MongoArtifactStore(string uri, TimeProvider clock, int mostArtifacts = 20_000, long mostBytes = long.MaxValue)
        : base(uri) => (_writing, _limits, _clock) = (new(uri, 1), new(mostArtifacts, mostBytes), clock);

    public Task MigrateAsync(CancellationToken cancel) => _writing.RunAsync(
        session =>
        {
            var artifacts = new ArtifactCollections(session);
            artifacts.EnsureIndexes();
            Recovered(artifacts);
            return true;
        },
        cancel);

    public Task<IReadOnlyList<Artifact>> PutAsync(IReadOnlyList<ArtifactUpload> uploads, DateTimeOffset now, CancellationToken cancel)
    {
        var packed = uploads.Select(PackedUpload.Of).ToList();
        return Write(writing => writing.Put(packed, now.ToUnixTimeMilliseconds()), cancel);
    }

    public Task<bool> DeleteAsync(int projectId, long id, CancellationToken cancel) => Write(
        writing => writing.Delete(w =>
        {
            w.Int64("_id"u8, id);
            w.Int32("project"u8, projectId);
        }) > 0,
        cancel);

    public Task<int> DeleteReleaseAsync(int projectId, string release, CancellationToken cancel) => Write(
        writing => writing.Delete(w =>
        {
            w.Int32("project"u8, projectId);
            w.String("release"u8, StoreText.Clean(release, ArtifactLimits.LongestName));
        }),
        cancel);

    public Task<int> DeleteOldAsync(DateTimeOffset uploadedBefore, IReadOnlyCollection<(int ProjectId, string Release)> seen, CancellationToken cancel)
        => Write(writing => writing.DeleteOld(uploadedBefore.ToUnixTimeMilliseconds(), seen), cancel);

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _writing.DisposeAsync();
    }

    private Task<T> Write<T>(Func<ArtifactWriting, T> work, CancellationToken cancel) => _writing.RunAsync(session => work(Recovered(new(session))), cancel);

    private ArtifactWriting Recovered(ArtifactCollections artifacts)
    {
        var writing = new ArtifactWriting(artifacts, _limits);
        writing.Recover(_clock.GetUtcNow().ToUnixTimeMilliseconds());
        return writing;
    }
}
