using System.Collections.Frozen;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace ErrorPipeline.Web.Serving;

/// <summary>
/// The style sheet and scripts from inside the assembly, under addresses that change with their content, so that browsers keep them for good.
/// The style sheet is written in many files (Design/) and served as one: site.css names them in their order.
/// </summary>
internal sealed class Assets
{
    private const string StyleSheet = "site.css";
    private const string Import = "@import \"";

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
        const string folder = "asset/";
        yield return Made(StyleSheet, Encoding.UTF8.GetBytes(JoinedStyles()));
        foreach (var resource in typeof(Assets).Assembly.GetManifestResourceNames().Where(n => n.StartsWith(folder, StringComparison.Ordinal)))
            yield return Made(resource[folder.Length..], Read(resource));
    }

    /// <summary>Every line that imports a file is replaced by that file.</summary>
    private static string JoinedStyles()
    {
        var sheet = new StringBuilder();
        foreach (var line in Encoding.UTF8.GetString(Read("style/" + StyleSheet)).Split('\n').Where(l => l.StartsWith(Import, StringComparison.Ordinal)))
            sheet.Append(Encoding.UTF8.GetString(Read("style/" + Path.GetFileName(line[Import.Length..line.LastIndexOf('"')]))));
        return sheet.ToString();
    }

    private static byte[] Read(string resource)
    {
        using var stream = typeof(Assets).Assembly.GetManifestResourceStream(resource) ?? throw new FileNotFoundException($"{resource} is not in the assembly.");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private static Asset Made(string name, byte[] plain) => new(name, TypeOf(name), Convert.ToHexStringLower(SHA256.HashData(plain))[..16], plain, Compress(plain));

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
