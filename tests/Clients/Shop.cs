using System.Text.Json;
using ErrorPipeline.Rigs;

namespace ErrorPipeline.Clients;

/// <summary>A site of its own origin that carries one client: one page for each case, the client and the shop in one bundle, as esbuild made it.</summary>
internal static class Shop
{
    /// <summary>As upload tools of two clients write it into a file: its debug id, by a stack that names the file.</summary>
    public const string DebugId = "5d2f3a77-90b1-4c1e-8a44-1e7f0c9b6d21";

    private const string TellDebugId =
        "{const s=new Error().stack;(globalThis._sentryDebugIds??={})[s]='" + DebugId + "';(globalThis.DD_SOURCE_CODE_CONTEXT??={})[s]={ddDebugId:'" + DebugId + "'}};";

    /// <param name="bundle">File in dist/, without its extension.</param>
    /// <param name="address">Of the collector for a case.</param>
    /// <param name="clients">Of the bundle of all: those that start.</param>
    /// <param name="options">Beside what every site tells its client.</param>
    public static async Task<WebSite> OpenAsync(string bundle, string key, string foreign, IEnumerable<string> cases, Func<string, string> address, IReadOnlyList<string>? clients = null, object? options = null)
    {
        var stub = bundle == "ours" || clients?.Contains("ours") == true ? await File.ReadAllTextAsync(Path.Combine(Places.Root, "snippet", "dist", "stub.js")) : "";
        var files = new Dictionary<string, string> { ["/stock.json"] = "{}", ["/assets/app.js"] = TellDebugId + await Bundles.ReadAsync(bundle) };
        foreach (var @case in cases)
        {
            var setup = JsonSerializer.Serialize(new { url = address(@case), key, foreign, clients, options });
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
