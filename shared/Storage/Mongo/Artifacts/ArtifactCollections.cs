using ErrorPipeline.Shared.Storage.Mongo.Native;

namespace ErrorPipeline.Shared.Storage.Mongo.Artifacts;

/// <summary>The collections of source maps and minified files, as a client on its thread sees them.</summary>
internal sealed class ArtifactCollections(MongoSession session)
{
    public const string ArtifactsName = "artifacts";
    public const string BlobsName = "blobs";

    public MongoSession Session => session;

    /// <summary>By number. "upload" names the one that brought it, by the first number in it.</summary>
    public MongoCollection Artifacts => new(session, ArtifactsName);

    /// <summary>By hash; "content" names its chunks.</summary>
    public MongoCollection Blobs => new(session, BlobsName);

    public MongoCollection Chunks => new(session, BlobShelf.ChunksName);

    public MongoCollection Uploads => new(session, "artifactUploads");

    public void EnsureIndexes()
    {
        Ensure(Artifacts, "url", ("project", 1), ("release", 1), ("url", 1), ("_id", -1));
        Ensure(Artifacts, "name", ("project", 1), ("release", 1), ("name", 1), ("_id", -1));
        Ensure(Artifacts, "debugId", ("project", 1), ("debugId", 1), ("_id", -1));
        Ensure(Artifacts, "newest", ("project", 1), ("_id", -1));
        Ensure(Artifacts, "hash", ("hash", 1));
        Ensure(Artifacts, "upload", ("upload", 1));
        Ensure(Chunks, "content", ("content", 1), ("index", 1));
        Ensure(Chunks, "upload", ("upload", 1));
    }

    private static void Ensure(MongoCollection collection, string name, params (string Field, int Direction)[] keys) => collection.EnsureIndex(name, BsonQuery.Fields(keys));
}
