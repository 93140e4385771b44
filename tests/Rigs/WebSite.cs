using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ErrorPipeline.Rigs;

/// <summary>Somebody's site on a free port: pages and scripts from memory, or whatever a test answers.</summary>
public sealed class WebSite : IAsyncDisposable
{
    private readonly WebApplication _app;

    private WebSite(WebApplication app, string url) => (_app, Url) = (app, url);

    public string Url { get; }

    /// <param name="files">Path, "/shop.js", to content; what ends with .js is a script, everything else a page.</param>
    /// <param name="headers">Of every answer.</param>
    /// <param name="certificate">Where the site is one of https.</param>
    public static Task<WebSite> StartAsync(
        IReadOnlyDictionary<string, string> files, IReadOnlyDictionary<string, string>? headers = null, X509Certificate2? certificate = null) => StartAsync(
        app =>
        {
            app.Use((http, next) =>
            {
                foreach (var (name, value) in headers ?? new Dictionary<string, string>())
                    http.Response.Headers[name] = value;
                return next();
            });
            foreach (var (path, content) in files)
            {
                var type = path.EndsWith(".js", StringComparison.Ordinal) ? "text/javascript" : "text/html";
                app.MapGet(path, () => Results.Text(content, $"{type}; charset=utf-8"));
            }
        }, certificate);

    /// <param name="answer">Every request.</param>
    public static Task<WebSite> StartAsync(RequestDelegate answer) => StartAsync(app => app.Run(answer), certificate: null);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static async Task<WebSite> StartAsync(Action<WebApplication> answer, X509Certificate2? certificate)
    {
        var url = $"{(certificate is null ? "http" : "https")}://127.0.0.1:{FreePort.Take()}";
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(url);
        if (certificate is not null)
            builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.ConfigureHttpsDefaults(https => https.ServerCertificate = certificate));
        var app = builder.Build();
        answer(app);
        await app.StartAsync();
        return new WebSite(app, url);
    }
}
