using System.Collections.Concurrent;
using System.IO.Compression;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ErrorPipeline.Rigs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ErrorPipeline.Clients;

/// <summary>
/// Stands between the browser and the collector, under /client/case, and keeps what went by: what a client really said is what
/// its events on the dashboard are compared with.
/// </summary>
internal sealed class Wire : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _collector;
    private readonly ConcurrentQueue<WireRequest> _seen = new();
    private readonly ConcurrentDictionary<(string, string), int> _open = new();

    private Wire(WebApplication app, string url, string collectorUrl)
    {
        (_app, Url) = (app, url);
        // The body goes on as it came, compressed or not.
        _collector = new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false, AutomaticDecompression = DecompressionMethods.None })
        {
            BaseAddress = new(collectorUrl),
        };
    }

    public string Url { get; }

    /// <param name="certificate">Where browsers are to reach it by https only.</param>
    public static async Task<Wire> StartAsync(string collectorUrl, X509Certificate2? certificate = null)
    {
        var url = $"{(certificate is null ? "http" : "https")}://127.0.0.1:{FreePort.Take()}";
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(url).ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = 64 << 20);
        if (certificate is not null)
            builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.ConfigureHttpsDefaults(https => https.ServerCertificate = certificate));
        var made = new Wire(builder.Build(), url, collectorUrl);
        made._app.Run(made.PassAsync);
        await made._app.StartAsync();
        return made;
    }

    /// <summary>In the order of their answers; without preflights.</summary>
    public IReadOnlyList<WireRequest> Of(string client, string @case) => [.. _seen.Where(r => r.Client == client && r.Case == @case && r.Method != "OPTIONS")];

    public bool IsIdle(string client, string @case) => _open.GetValueOrDefault((client, @case)) == 0;

    /// <summary>Of requests that were answered, preflights too.</summary>
    public int Answered(string client, string @case) => _seen.Count(r => r.Client == client && r.Case == @case);

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _collector.Dispose();
    }

    private async Task PassAsync(HttpContext http)
    {
        var parts = (http.Request.Path.Value ?? "").Split('/', 4);
        var (client, @case, rest) = (parts.ElementAtOrDefault(1) ?? "", parts.ElementAtOrDefault(2) ?? "", parts.ElementAtOrDefault(3) ?? "");
        _open.AddOrUpdate((client, @case), 1, (_, open) => open + 1);
        try
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body);
            var path = $"/{rest}{http.Request.QueryString}";
            using var request = new HttpRequestMessage(new(http.Request.Method), path) { Content = new ByteArrayContent(body.ToArray()) };
            foreach (var (name, values) in http.Request.Headers.Where(h => h.Key is not ("Host" or "Connection" or "Content-Length")))
            {
                if (!request.Headers.TryAddWithoutValidation(name, values.AsEnumerable()))
                    request.Content.Headers.TryAddWithoutValidation(name, values.AsEnumerable());
            }

            // A page that is left does not take back what it sent.
            using var answer = await _collector.SendAsync(request, CancellationToken.None);
            var told = await answer.Content.ReadAsByteArrayAsync(CancellationToken.None);
            _seen.Enqueue(new(client, @case, http.Request.Method, path, Decoded(http.Request, body.ToArray()), (int)answer.StatusCode, Encoding.UTF8.GetString(told), IsCompressed(http.Request)));
            http.Response.StatusCode = (int)answer.StatusCode;
            foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers).Where(h => h.Key is not ("Transfer-Encoding" or "Content-Length" or "Connection")))
                http.Response.Headers[name] = values.ToArray();
            if (told.Length > 0)
                await http.Response.Body.WriteAsync(told);
        }
        catch (Exception e) when (e is IOException or BadHttpRequestException or OperationCanceledException)
        {
            // The page was left while it was sending.
        }
        finally
        {
            _open.AddOrUpdate((client, @case), 0, (_, open) => open - 1);
        }
    }

    private static bool IsCompressed(HttpRequest request) => request.Headers.ContentEncoding.ToString() == "gzip" || IsDeflated(request);

    private static bool IsDeflated(HttpRequest request) => request.QueryString.Value!.Contains("dd-evp-encoding%3Ddeflate", StringComparison.Ordinal);

    private static string Decoded(HttpRequest request, byte[] body)
    {
        using var raw = new MemoryStream(body);
        using Stream plain = !IsCompressed(request) ? raw : IsDeflated(request) ? new ZLibStream(raw, CompressionMode.Decompress) : new GZipStream(raw, CompressionMode.Decompress);
        using var reader = new StreamReader(plain, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}

/// <param name="Path">As the collector saw it, with the query.</param>
/// <param name="Text">The body, decompressed.</param>
internal sealed record WireRequest(string Client, string Case, string Method, string Path, string Text, int Status, string Answer, bool IsCompressed);
