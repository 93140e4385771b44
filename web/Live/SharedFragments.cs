using System.IO.Compression;
using System.Text;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace ErrorPipeline.Web.Live;

/// <summary>
/// The part of a page that follows the store, drawn and compressed once for all who look at the same: hundreds of open dashboards then
/// cost little more than one. Only for what is the same for everybody, so without forms.
/// </summary>
internal sealed class SharedFragments<T>(LiveFeed feed, TimeProvider clock, IServiceScopeFactory scopes, ILoggerFactory logs)
    where T : IComponent
{
    private readonly SharedReads<string, Fragment> _drawn = new(feed, clock);

    public async Task<IResult> GetAsync(HttpContext http, string key, Func<Task<Dictionary<string, object?>>> parameters)
    {
        var fragment = await _drawn.GetAsync(key, async _ => await DrawAsync(await parameters()), http.RequestAborted);
        http.Response.Headers.Vary = "Accept-Encoding";
        if (!http.Request.Headers.AcceptEncoding.ToString().Contains("br", StringComparison.Ordinal))
            return Results.Bytes(fragment.Plain, "text/html; charset=utf-8");
        http.Response.Headers.ContentEncoding = "br";
        return Results.Bytes(fragment.Brotli, "text/html; charset=utf-8");
    }

    private async Task<Fragment> DrawAsync(Dictionary<string, object?> parameters)
    {
        await using var scope = scopes.CreateAsyncScope();
        await using var renderer = new HtmlRenderer(scope.ServiceProvider, logs);
        var html = await renderer.Dispatcher.InvokeAsync(async () => (await renderer.RenderComponentAsync<T>(ParameterView.FromDictionary(parameters))).ToHtmlString());
        var plain = Encoding.UTF8.GetBytes(html);
        using var into = new MemoryStream();
        await using (var brotli = new BrotliStream(into, CompressionLevel.Fastest))
            await brotli.WriteAsync(plain);
        return new(plain, into.ToArray());
    }

    private sealed record Fragment(byte[] Plain, byte[] Brotli);
}
