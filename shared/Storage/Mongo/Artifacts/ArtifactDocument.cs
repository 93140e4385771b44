using ErrorPipeline.Shared.Storage.Mongo.Bson;

namespace ErrorPipeline.Shared.Storage.Mongo.Artifacts;

/// <summary>A file that was uploaded, as it is stored beside its content.</summary>
internal sealed record ArtifactDocument(
    long Number, int Project, string Release, string Dist, string Url, ArtifactKind Kind, string? DebugId, string? MapUrl, string? Problem, string Hash, long Size, long At)
{
    /// <summary>What another upload of the same takes the place of. Without a release the debug id is what tells builds apart.</summary>
    public (int, string, string, string, string?) Place => (Project, Release, Dist, Url, Release.Length == 0 ? DebugId : null);

    public static ArtifactDocument Of(long number, PackedUpload packed, long at)
    {
        var upload = packed.Upload;
        return new(
            number, upload.ProjectId, StoreText.Clean(upload.Release, ArtifactLimits.LongestName), StoreText.Clean(upload.Dist, ArtifactLimits.LongestName),
            StoreText.Clean(upload.Url, ArtifactUrl.Longest), upload.Kind, upload.DebugId?.ToString("D"), StoreText.CleanOrNull(upload.MapUrl, ArtifactUrl.Longest),
            StoreText.CleanOrNull(upload.Problem, 500), packed.Hash, upload.Content.Length, at);
    }

    public static ArtifactDocument Read(BsonView found) => new(
        found["_id"u8].Int64(), found["project"u8].Int32(), found["release"u8].String(), found["dist"u8].String(), found["url"u8].String(),
        (ArtifactKind)found["kind"u8].Int32(), found.StringOrNull("debugId"u8), found.StringOrNull("mapUrl"u8), found.StringOrNull("problem"u8),
        found["hash"u8].String(), found["size"u8].Int64(), found["at"u8].Int64());

    public Artifact ToArtifact() => new(Number, Release, Dist, Url, Kind, DebugId is null ? null : Guid.Parse(DebugId), Hash, Size, At, Problem);

    public void Write(BsonWriter w, long upload)
    {
        w.Int64("_id"u8, Number);
        w.Int64("upload"u8, upload);
        w.Int32("project"u8, Project);
        w.String("release"u8, Release);
        w.String("dist"u8, Dist);
        w.String("url"u8, Url);
        w.String("name"u8, ArtifactUrl.FileName(Url));
        w.Int32("kind"u8, (int)Kind);
        w.StringOrNull("debugId"u8, DebugId);
        w.StringOrNull("mapUrl"u8, MapUrl);
        w.StringOrNull("problem"u8, Problem);
        w.String("hash"u8, Hash);
        w.Int64("size"u8, Size);
        w.Int64("at"u8, At);
    }
}
