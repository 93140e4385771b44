using ErrorPipeline.Shared.Storage.Mongo.Bson;

namespace ErrorPipeline.Shared.Storage.Mongo.Artifacts;

/// <summary>
/// Content, once for each hash, in chunks of bounded size. A blob goes when nothing refers to it: it is marked, asked for once more, and goes
/// only where the mark is still there. Who refers to it first writes the reference and then takes the mark away, so that neither misses the other.
/// </summary>
internal sealed class BlobShelf(ArtifactCollections artifacts)
{
    public const string ChunksName = "blobChunks";

    private const int ChunkBytes = 512 * 1024;

    public long Usage() => Errors.ErrorQueries.Sum(artifacts.Session, ArtifactCollections.BlobsName, "packed");

    public bool Has(string hash) => artifacts.Blobs.Count(BsonQuery.Id(hash), 1) > 0;

    public byte[]? Read(string hash)
    {
        var blob = artifacts.Blobs.First(BsonQuery.Id(hash), found => new Blob(found["content"u8].String(), found["size"u8].Int64(), found["packed"u8].Int64()));
        if (blob is null)
            return null;
        if (ReadPacked(blob.Content, blob.Packed) is not { } packed)
            return null;
        using var stream = new MemoryStream(packed);
        return PackedUpload.Unpack(stream, blob.Size);
    }

    /// <summary>Null where it was deleted meanwhile.</summary>
    public byte[]? ReadPacked(string content, long bytes)
    {
        using var packed = new MemoryStream((int)bytes);
        artifacts.Chunks.Query(
            w => w.String("content"u8, content),
            found =>
            {
                packed.Write(found["bytes"u8].Binary());
                return 0;
            },
            BsonQuery.Sorted(0, ("content", 1), ("index", 1)));
        return packed.Length == bytes ? packed.ToArray() : null;
    }

    /// <summary>After a reference to it is stored.</summary>
    public void Keep(long upload, PackedUpload packed)
    {
        if (artifacts.Blobs.Update(BsonQuery.Id(packed.Hash), Unmark) > 0)
            return;
        var content = $"{upload}:{packed.Hash}";
        WriteChunks(upload, content, packed.Packed);
        if (MakeBlob(packed.Hash, content, packed.Upload.Content.Length, packed.Packed.Length))
            return;
        // Another process has brought the same file meanwhile.
        DeleteChunks(content);
        artifacts.Blobs.Update(BsonQuery.Id(packed.Hash), Unmark);
    }

    /// <summary>What was packed elsewhere, for a store that nobody uses yet. Once more changes nothing.</summary>
    public void Put(string hash, long size, byte[] packed)
    {
        if (Has(hash))
            return;
        var content = $"0:{hash}";
        DeleteChunks(content);
        WriteChunks(0, content, packed);
        MakeBlob(hash, content, size, packed.Length);
    }

    private void WriteChunks(long upload, string content, byte[] packed)
    {
        using var bulk = artifacts.Session.Bulk(ChunksName);
        using var chunk = new BsonWriter(ChunkBytes + 256);
        for (var (at, index) = (0, 0); at < packed.Length || index == 0; at += ChunkBytes, index++)
        {
            chunk.Reset();
            chunk.String("_id"u8, $"{content}:{index}");
            chunk.String("content"u8, content);
            chunk.Int32("index"u8, index);
            chunk.Int64("upload"u8, upload);
            chunk.Binary("bytes"u8, packed.AsSpan(at, Math.Min(ChunkBytes, packed.Length - at)));
            bulk.Insert(chunk);
        }

        if (bulk.Execute().Errors is [var failed, ..])
            throw new Native.MongoException(failed.Message, failed.Code, [], fromServer: true);
    }

    private bool MakeBlob(string hash, string content, long size, long packed) => artifacts.Blobs.Insert(w =>
    {
        w.String("_id"u8, hash);
        w.String("content"u8, content);
        w.Int64("size"u8, size);
        w.Int64("packed"u8, packed);
    });

    /// <summary>After references to them are gone; those that others have stay.</summary>
    public void Release(IEnumerable<string> hashes)
    {
        foreach (var hash in hashes.Distinct(StringComparer.Ordinal))
        {
            var mark = Guid.NewGuid().ToString("N");
            artifacts.Blobs.Update(BsonQuery.Id(hash), w => w.Set(fields => fields.String("dying"u8, mark)));
            if (artifacts.Artifacts.Count(w => w.String("hash"u8, hash), 1) > 0)
                continue;
            var content = artifacts.Blobs.First(BsonQuery.Id(hash), found => found["content"u8].String());
            var gone = artifacts.Blobs.Delete(w =>
            {
                w.String("_id"u8, hash);
                w.String("dying"u8, mark);
            }) > 0;
            if (gone && content is not null)
                DeleteChunks(content);
        }
    }

    /// <summary>Chunks that an upload wrote and that no blob names.</summary>
    public void Sweep(long upload)
    {
        var written = artifacts.Chunks.Query(BsonQuery.Number("upload", upload), found => found["content"u8].String(), BsonQuery.Only("content")).Distinct(StringComparer.Ordinal);
        foreach (var content in written)
        {
            var hash = content[(content.IndexOf(':', StringComparison.Ordinal) + 1)..];
            if (artifacts.Blobs.First(BsonQuery.Id(hash), found => found["content"u8].String()) != content)
                DeleteChunks(content);
        }
    }

    private void DeleteChunks(string content) => artifacts.Chunks.Delete(w => w.String("content"u8, content));

    private static void Unmark(BsonWriter update)
    {
        using var unset = update.Document("$unset"u8);
        update.Bool("dying"u8, true);
    }

    private sealed record Blob(string Content, long Size, long Packed);
}
