using System.Collections.Frozen;
using System.IO.Compression;
using System.Security.Cryptography;

namespace ErrorPipeline.Web.Serving;

/// <summary>Style sheets and scripts from inside the assembly, under addresses that change with their content, so that browsers keep them for good.</summary>
internal sealed class Assets
{
    private readonly FrozenDictionary<string, Asset> _byName = Load().ToFrozenDictionary(a => a.Name, StringComparer.Ordinal);

    /// <summary>"/assets/3f2a.../site.css".</summary>
    public string PathOf(string name) => $"/assets/{_byName[name].Hash}/{name}";

    public IResult Serve(HttpContext http, string hash, string name)
    {
        if (!_byName.TryGetValue(name, out var asset) || asset.Hash != hash)
            return Results.NotFound();
        var headers = http.Response.Headers;
        headers.CacheControl = "public, max-age=31536000, immutable";
        headers.Vary = "Accept-Encoding";
        if (!http.Request.Headers.AcceptEncoding.ToString().Contains("br", StringComparison.Ordinal))
            return Results.Bytes(asset.Plain, asset.Type);
        headers.ContentEncoding = "br";
        return Results.Bytes(asset.Brotli, asset.Type);
    }

    private static IEnumerable<Asset> Load()
    {
        var assembly = typeof(Assets).Assembly;
        foreach (var resource in assembly.GetManifestResourceNames().Where(n => n.StartsWith("asset/", StringComparison.Ordinal)))
        {
            using var stream = assembly.GetManifestResourceStream(resource)!;
            var plain = new byte[stream.Length];
            stream.ReadExactly(plain);
            var name = resource["asset/".Length..];
            yield return new(name, TypeOf(name), Convert.ToHexStringLower(SHA256.HashData(plain))[..16], plain, Compress(plain));
        }
    }

    private static string TypeOf(string name) => Path.GetExtension(name) switch
    {
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".svg" => "image/svg+xml",
        _ => "application/octet-stream",
    };

    private static byte[] Compress(byte[] plain)
    {
        using var into = new MemoryStream();
        using (var brotli = new BrotliStream(into, CompressionLevel.SmallestSize))
            brotli.Write(plain);
        return into.ToArray();
    }

    private sealed record Asset(string Name, string Type, string Hash, byte[] Plain, byte[] Brotli);
}

internal static class AssetsMap
{
    public static void MapAssets(this IEndpointRouteBuilder app) =>
        app.MapGet("/assets/{hash}/{name}", (HttpContext http, string hash, string name, Assets assets) => assets.Serve(http, hash, name)).AllowAnonymous();
}
