using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Web.Serving;
using Microsoft.Extensions.Options;

namespace ErrorPipeline.Web.Settings;

/// <summary>What sites paste: the stub that the build embedded, with the project's key and the collector's address filled in.</summary>
public sealed class Snippet
{
    private static readonly string Stub = Load();

    internal Snippet(IOptions<ServeOptions> serve) => CollectorUrl = serve.Value.CollectorUrl.TrimEnd('/');

    public string CollectorUrl { get; }

    public string CollectorOrigin => new Uri(CollectorUrl).GetLeftPart(UriPartial.Authority);

    /// <summary>The inline script's own text. Key and address are safe inside it: hex digits, and a URL that the options check escaped.</summary>
    public string ScriptFor(ProjectKey key) => Stub
        .Replace("__KEY__", key.Key, StringComparison.Ordinal)
        .Replace("__URL__", new Uri(CollectorUrl).AbsoluteUri.TrimEnd('/').Replace("'", "%27", StringComparison.Ordinal), StringComparison.Ordinal)
        .Trim();

    public string TagFor(ProjectKey key) => $"<script>{ScriptFor(key)}</script>";

    private static string Load()
    {
        using var stream = typeof(Snippet).Assembly.GetManifestResourceStream("snippet/stub.js")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
