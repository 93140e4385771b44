using System.Text.Json;
using ErrorPipeline.Web.SourceMaps.Bundles;
using ErrorPipeline.Web.SourceMaps.Chunks;

namespace ErrorPipeline.Web.SourceMaps.Sentry;

/// <summary>Parts that were uploaded become artifacts. Clients ask first, to learn which parts are missing, and again after they have sent them.</summary>
internal static class Assembling
{
    private const int MostChunks = 256;
    private const int LargestOrder = 64 * 1024;

    /// <summary>The road of today's clients: the bundle says by debug ids what its files are, and the order may name a release.</summary>
    public static Task<IResult> BundleAsync(HttpContext http, ProjectNames names, Assembly assembly) => RunAsync(http, null, names, assembly);

    /// <summary>The older road: the release is in the address.</summary>
    public static Task<IResult> ReleaseFilesAsync(HttpContext http, string version, ProjectNames names, Assembly assembly) =>
        RunAsync(http, SentryReleases.VersionOf(version), names, assembly);

    private static async Task<IResult> RunAsync(HttpContext http, string? release, ProjectNames names, Assembly assembly)
    {
        if (await ReadAsync(http) is not { } told)
            return SentryAnswers.Problem(StatusCodes.Status400BadRequest, "The order is JSON: {\"checksum\": SHA-1, \"chunks\": [SHA-1, ...], \"projects\": [...]}.");
        if (told.Chunks.Count is 0 or > MostChunks || !ChunkShelf.IsHash(told.Checksum) || !told.Chunks.All(ChunkShelf.IsHash))
            return SentryAnswers.Problem(StatusCodes.Status400BadRequest, $"checksum and chunks are SHA-1, 40 lower-case hex digits; at most {MostChunks} chunks.");
        var (projects, problem) = await names.FindAsync(http, told.Projects);
        if (problem is not null)
            return problem;
        var order = new AssemblyOrder(Callers.Of(http), told.Checksum!, told.Chunks, [.. projects.Select(p => p.Id)], release ?? told.Version, told.Dist);
        var missing = assembly.Missing(order);
        if (missing.Count > 0)
            return Answer("not_found", missing, null);
        return await assembly.RunAsync(order, http.RequestAborted) switch
        {
            null => Answer("assembling", [], null),
            "" => Answer("ok", [], null),
            var wrong => Answer("error", [], wrong),
        };
    }

    private static IResult Answer(string state, IReadOnlyList<string> missingChunks, string? detail) => SentryAnswers.Ok(new { state, missingChunks, detail });

    private static async Task<Order?> ReadAsync(HttpContext http)
    {
        if (http.Request.ContentLength > LargestOrder)
            return null;
        try
        {
            using var json = await JsonDocument.ParseAsync(http.Request.Body, new() { MaxDepth = 8 }, http.RequestAborted);
            var root = json.RootElement;
            return root.ValueKind != JsonValueKind.Object ? null : new(
                BundleManifest.Text(root, "checksum"), Texts(root, "chunks"), Texts(root, "projects"), BundleManifest.Text(root, "version"), BundleManifest.Text(root, "dist"));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static List<string> Texts(JsonElement root, string name) => root.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array
        ? [.. list.EnumerateArray().Select(item => item.ValueKind == JsonValueKind.String ? item.GetString()! : item.GetRawText())] : [];

    private sealed record Order(string? Checksum, IReadOnlyList<string> Chunks, IReadOnlyList<string> Projects, string? Version, string? Dist);
}
