using ErrorPipeline.Shared.Storage.Mongo.Bson;

namespace ErrorPipeline.Shared.Storage.Mongo.Artifacts;

/// <summary>What is uploaded, as of the moment when this was made: uploads that were not whole then are not in it.</summary>
internal sealed class ArtifactBook : IArtifactIndex
{
    private const int OneMap = (int)ArtifactKind.Map;

    private readonly ArtifactCollections _artifacts;
    private readonly UploadState _state;

    public ArtifactBook(ArtifactCollections artifacts) => (_artifacts, _state) = (artifacts, new UploadLog(artifacts.Uploads).Read());

    public bool HasAny(int project) => _artifacts.Artifacts.Count(Seen(w => w.Int32("project"u8, project)), 1) > 0;

    public bool HasRelease(Build build) => _artifacts.Artifacts.Count(Seen(w => OfRelease(w, build)), 1) > 0;

    public UploadedScript? FindScript(Build build, string url) =>
        Best(build, url, isMap: false, found => new UploadedScript(found.StringOrNull("debugId"u8), found.StringOrNull("mapUrl"u8)));

    public string? FindMap(Build build, string url) => Best(build, url, isMap: true, Hash);

    public string? FindMapOfDebugId(int project, string id) => Newest(w => OfDebugId(w, project, id, isMap: true), Hash);

    public PlacedScript? FindScriptOfDebugId(int project, string id) => Newest(
        w => OfDebugId(w, project, id, isMap: false),
        found => new PlacedScript(new(project, found["release"u8].String(), found["dist"u8].String()), found["url"u8].String(), found.StringOrNull("mapUrl"u8)));

    public string? FindNewestRelease(int project) => Newest(
        w =>
        {
            w.Int32("project"u8, project);
            w.Compare("release"u8, "$gt"u8, "");
        },
        found => found["release"u8].String());

    public string? FindOtherDist(Build build, string url) => Newest(
        w =>
        {
            OfRelease(w, build);
            w.In("url"u8, (string[])[url, url + ".map"]);
        },
        found => found["dist"u8].String());

    public IReadOnlyList<string> ListUrls(Build build, string name) => _artifacts.Artifacts.Query(
        Seen(w =>
        {
            OfRelease(w, build);
            w.In("name"u8, (string[])[name, name + ".map"]);
        }),
        found => found["url"u8].String(), BsonQuery.Sorted(100, ("_id", -1)));

    public UploadedBesides FindBesides(int project, string mapHash, string? release)
    {
        var maps = _artifacts.Artifacts.Query(
            Seen(w =>
            {
                w.String("hash"u8, mapHash);
                w.Int32("project"u8, project);
                w.Int32("kind"u8, OneMap);
                w.Compare("release"u8, "$gt"u8, "");
            }),
            ArtifactDocument.Read, BsonQuery.Sorted(0, ("_id", -1)));
        if ((maps.Find(one => one.Release == release) ?? maps.FirstOrDefault()) is not { } map)
            return UploadedBesides.None;
        var hashes = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var beside in _artifacts.Artifacts.Query(
            Seen(w =>
            {
                OfRelease(w, new(project, map.Release, map.Dist));
                w.String("dist"u8, map.Dist);
                NotMaps(w);
            }),
            ArtifactDocument.Read, BsonQuery.Sorted(0, ("_id", 1))))
            hashes[beside.Url] = beside.Hash;
        return new(map.Url, hashes);
    }

    public Uploads ListUploads(long after, long? upto)
    {
        // What is not whole yet may become so: who asks comes back for it.
        var last = Math.Min(upto ?? long.MaxValue, Math.Min(_state.Last, _state.Hidden.DefaultIfEmpty(long.MaxValue).Min() - 1));
        var found = _artifacts.Artifacts.Query(
            Seen(w =>
            {
                using var id = w.Document("_id"u8);
                w.Int64("$gt"u8, after);
                w.Int64("$lte"u8, last);
            }),
            one => (Id: one["_id"u8].Int64(), At: one["at"u8].Int64(), Build: new UploadedBuild(one["project"u8].Int32(), one.StringOrNull("debugId"u8) is null ? one["release"u8].String() : null)),
            BsonQuery.Only("at", "project", "debugId", "release"));
        return found.Count == 0
            ? new(0, 0, 0, [])
            : new(found.Max(one => one.Id), found.Min(one => one.At), found.Max(one => one.At), UploadedBuild.Distinct([.. found.Select(one => one.Build)]));
    }

    public IReadOnlyList<Artifact> List(int project, int limit, string? release) => _artifacts.Artifacts.Query(
        Seen(w =>
        {
            w.Int32("project"u8, project);
            if (release is not null)
                w.String("release"u8, release);
        }),
        found => ArtifactDocument.Read(found).ToArtifact(), BsonQuery.Sorted(limit, ("_id", -1)));

    public IReadOnlyList<ArtifactRelease> ListReleases(int project, int limit) =>
    [
        .. _artifacts.Artifacts.Query(Seen(w => w.Int32("project"u8, project)), ArtifactDocument.Read, BsonQuery.Only("project", "release", "at", "size", "problem", "kind", "url", "dist", "hash", "debugId"))
            .GroupBy(one => one.Release, StringComparer.Ordinal).OrderByDescending(of => of.Max(one => one.Number)).Take(limit)
            .Select(of => new ArtifactRelease(of.Key, of.Count(), of.Sum(one => one.Size), of.Count(one => one.Problem is not null), of.Max(one => one.At)))
    ];

    /// <summary>Those that fit a condition.</summary>
    public List<ArtifactDocument> Where(Action<BsonWriter> which) => _artifacts.Artifacts.Query(Seen(which), ArtifactDocument.Read);

    public long Count(int project) => _artifacts.Artifacts.Count(Seen(w => w.Int32("project"u8, project)));

    /// <summary>The only places with a text of people's making in a filter are values.</summary>
    private Action<BsonWriter> Seen(Action<BsonWriter> which) => w =>
    {
        which(w);
        using var upload = w.Document("upload"u8);
        w.Int64("$lte"u8, _state.Last);
        using var hidden = w.Array("$nin"u8);
        foreach (var one in _state.Hidden)
            w.Int64(default, one);
    };

    private T? Best<T>(Build build, string url, bool isMap, Func<BsonView, T> read)
        where T : class
    {
        var found = _artifacts.Artifacts.Query(
            Seen(w =>
            {
                OfRelease(w, build);
                w.String("url"u8, url);
                if (build.Dist.Length > 0)
                    w.In("dist"u8, (string[])["", build.Dist]);
                if (isMap)
                    w.Int32("kind"u8, OneMap);
                else
                    NotMaps(w);
            }),
            one => (IsOwn: one["dist"u8].String() == build.Dist, Read: read(one)), BsonQuery.Sorted(0, ("_id", -1)));
        return found.OrderByDescending(one => one.IsOwn).Select(one => one.Read).FirstOrDefault();
    }

    private T? Newest<T>(Action<BsonWriter> which, Func<BsonView, T> read)
        where T : class
        => _artifacts.Artifacts.Query(Seen(which), read, BsonQuery.Sorted(1, ("_id", -1))).FirstOrDefault();

    private static void OfRelease(BsonWriter w, Build build)
    {
        w.Int32("project"u8, build.Project);
        w.String("release"u8, build.Release);
    }

    private static void OfDebugId(BsonWriter w, int project, string id, bool isMap)
    {
        w.Int32("project"u8, project);
        w.String("debugId"u8, id);
        if (isMap)
            w.Int32("kind"u8, OneMap);
        else
            NotMaps(w);
    }

    private static void NotMaps(BsonWriter w) => w.Compare("kind"u8, "$ne"u8, OneMap);

    private static string Hash(BsonView found) => found["hash"u8].String();
}
