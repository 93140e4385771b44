using System.Text.Json;
using ErrorPipeline.Rigs;

namespace ErrorPipeline.Clients;

/// <summary>A site of its own origin that carries one client: one page for each case, the client and the shop in one bundle, as esbuild made it.</summary>
internal static class Shop
{
    /// <param name="bundle">File in dist/, without its extension.</param>
    /// <param name="address">Of the collector for a case.</param>
    public static async Task<WebSite> OpenAsync(string bundle, string key, string foreign, IEnumerable<string> cases, Func<string, string> address, IReadOnlyList<string>? clients = null)
    {
        var stub = bundle is "ours" or "all" ? await File.ReadAllTextAsync(Path.Combine(Places.Root, "snippet", "dist", "stub.js")) : "";
        var files = new Dictionary<string, string> { ["/stock.json"] = "{}", ["/assets/app.js"] = await Bundles.ReadAsync(bundle) };
        foreach (var @case in cases)
        {
            var setup = JsonSerializer.Serialize(new { url = address(@case), key, foreign, clients });
            var inline = stub.Replace("__KEY__", key, StringComparison.Ordinal).Replace("__URL__", address(@case), StringComparison.Ordinal);
            files["/" + @case] = $"""
                <!doctype html><meta charset="utf-8"><title>Shop</title><button id="buy">Buy</button>
                <script>{inline}</script>
                <script>globalThis.setup = {setup}</script>
                <script src="/assets/app.js"></script>
                """;
        }

        return await WebSite.StartAsync(files);
    }

    /// <summary>Scripts of somebody else, whose server does not let the page see their errors.</summary>
    public static Task<WebSite> OpenForeignAsync() => WebSite.StartAsync(new Dictionary<string, string> { ["/widget.js"] = "(function widget() { throw new Error('of the widget'); })();" });
}
