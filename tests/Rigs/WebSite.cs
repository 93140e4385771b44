using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ErrorPipeline.Rigs;

/// <summary>Somebody's site: pages and scripts from memory on a free port.</summary>
public sealed class WebSite : IAsyncDisposable
{
    private readonly WebApplication _app;

    private WebSite(WebApplication app, string url) => (_app, Url) = (app, url);

    public string Url { get; }

    /// <param name="files">Path, "/shop.js", to content; what ends with .js is a script, everything else a page.</param>
    public static async Task<WebSite> StartAsync(IReadOnlyDictionary<string, string> files)
    {
        var url = $"http://127.0.0.1:{FreePort.Take()}";
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(url);
        var app = builder.Build();
        foreach (var (path, content) in files)
        {
            var type = path.EndsWith(".js", StringComparison.Ordinal) ? "text/javascript" : "text/html";
            app.MapGet(path, () => Results.Text(content, $"{type}; charset=utf-8"));
        }

        await app.StartAsync();
        return new WebSite(app, url);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
