using ErrorPipeline.Shared.Storage.Mongo.Bson;
using ErrorPipeline.Shared.Storage.Mongo.Native;

namespace ErrorPipeline.Shared.Storage.Mongo.Artifacts;

/// <summary>
/// What changes artifacts. An upload is seen at one moment, when all of it is stored; what it takes the place of goes after that, and until then
/// the newer of the two is found. What a process left behind that was killed is taken away, or finished, by who uploads or starts next.
/// </summary>
internal sealed class ArtifactWriting(ArtifactCollections artifacts, ArtifactLimits limits)
{
    /// <summary>An upload that is older was left behind.</summary>
    private const long AbandonedMs = 15 * 60_000;

    private readonly UploadLog _log = new(artifacts.Uploads);
    private readonly BlobShelf _blobs = new(artifacts);

    public IReadOnlyList<Artifact> Put(IReadOnlyList<PackedUpload> packed, long at)
    {
        if (packed.Count == 0)
            return [];
        var upload = _log.Begin(packed.Count, at);
        List<ArtifactDocument> files = [.. packed.Select((one, index) => ArtifactDocument.Of(upload + index, one, at))];
        try
        {
            Refuse(files, packed);
            Insert(upload, files);
            foreach (var one in packed.DistinctBy(one => one.Hash, StringComparer.Ordinal))
                _blobs.Keep(upload, one);
            _log.Commit(upload);
        }
        catch (Exception e) when (e is not MongoException { IsTransient: true })
        {
            Abandon(upload);
            throw;
        }

        try
        {
            Finish(upload, files);
        }
        catch (MongoException e) when (e.IsTransient)
        {
            // It is stored and seen; what it replaces is taken away by Recover.
        }

        return [.. files.Select(file => file.ToArtifact())];
    }

    /// <summary>Number of artifacts deleted.</summary>
    public int Delete(Action<BsonWriter> which) => Delete(new ArtifactBook(artifacts).Where(which));

    public int DeleteOld(long before, IReadOnlyCollection<(int ProjectId, string Release)> seen)
    {
        var (keep, book) = (seen.ToHashSet(), new ArtifactBook(artifacts));
        var old = book.Where(w => w.Compare("release"u8, "$gt"u8, "")).GroupBy(file => (file.Project, file.Release))
            .Where(release => release.Max(file => file.At) < before && !keep.Contains(release.Key)).SelectMany(release => release);
        var alone = book.Where(w =>
        {
            w.String("release"u8, "");
            w.Compare("at"u8, "$lt"u8, before);
        });
        return Delete([.. old, .. alone]);
    }

    /// <summary>Finishes uploads that were seen, and takes away those that never will be.</summary>
    public void Recover(long now)
    {
        foreach (var open in _log.Read().Open)
        {
            if (open.IsWhole)
                Finish(open.First, artifacts.Artifacts.Query(BsonQuery.Number("upload", open.First), ArtifactDocument.Read));
            else if (open.At < now - AbandonedMs)
                Abandon(open.First);
        }
    }

    private void Refuse(List<ArtifactDocument> files, IReadOnlyList<PackedUpload> packed)
    {
        var book = new ArtifactBook(artifacts);
        foreach (var project in files.GroupBy(file => file.Project))
        {
            var places = project.Select(file => file.Place).ToHashSet();
            var replaced = Replaced(book, [.. project]).Select(file => file.Place).Distinct().Count();
            if (book.Count(project.Key) - replaced + places.Count > limits.Files)
                throw limits.TooMany();
        }

        var more = packed.DistinctBy(one => one.Hash, StringComparer.Ordinal).Where(one => !_blobs.Has(one.Hash)).Sum(one => (long)one.Packed.Length);
        if (more > 0 && _blobs.Usage() + more > limits.Bytes)
            throw limits.TooLarge();
    }

    private void Insert(long upload, List<ArtifactDocument> files)
    {
        using var bulk = artifacts.Session.Bulk(ArtifactCollections.ArtifactsName);
        using var document = new BsonWriter();
        foreach (var file in files)
        {
            document.Reset();
            file.Write(document, upload);
            bulk.Insert(document);
        }

        if (bulk.Execute().Errors is [var failed, ..])
            throw new MongoException(failed.Message, failed.Code, [], fromServer: true);
    }

    /// <summary>Where one upload has a place twice, the later stays.</summary>
    private void Finish(long upload, List<ArtifactDocument> files)
    {
        var stays = files.GroupBy(file => file.Place).ToDictionary(place => place.Key, place => place.Max(file => file.Number));
        Delete([.. Replaced(new(artifacts), files).Where(file => file.Number < stays[file.Place])]);
        _log.End(upload);
    }

    private static IEnumerable<ArtifactDocument> Replaced(ArtifactBook book, List<ArtifactDocument> files)
    {
        var places = files.Select(file => file.Place).ToHashSet();
        return files.GroupBy(file => (file.Project, file.Release)).SelectMany(of => book.Where(w =>
        {
            w.Int32("project"u8, of.Key.Project);
            w.String("release"u8, of.Key.Release);
            w.In("url"u8, of.Select(file => file.Url).Distinct(StringComparer.Ordinal));
        })).Where(file => places.Contains(file.Place));
    }

    private void Abandon(long upload)
    {
        var files = artifacts.Artifacts.Query(BsonQuery.Number("upload", upload), ArtifactDocument.Read);
        Delete(files);
        _blobs.Sweep(upload);
        _log.End(upload);
    }

    private int Delete(List<ArtifactDocument> files)
    {
        if (files.Count == 0)
            return 0;
        artifacts.Artifacts.Delete(w => w.In("_id"u8, files.Select(file => file.Number)));
        _blobs.Release(files.Select(file => file.Hash));
        return files.Count;
    }
}
