using ErrorPipeline.Rigs;
using Microsoft.Playwright;

namespace ErrorPipeline.Load;

/// <summary>A visitor of a site with the snippet and a developer before the open list of its issues, in one real Chromium.</summary>
internal sealed class Visitor : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1300);
    private readonly Chromium _chromium;
    private readonly WebSite _site;
    private readonly IPage _list;
    private int _next;

    private Visitor(Chromium chromium, WebSite site, IPage list) => (_chromium, _site, _list) = (chromium, site, list);

    public static int SecondsFor(int throws) => (int)Math.Ceiling((throws + 1) * (Pause.TotalSeconds + 1)) + 10;

    public static async Task<Visitor> OpenAsync(Installation all)
    {
        var chromium = await Chromium.LaunchAsync();
        var developer = await chromium.Browser.NewContextAsync(new() { BaseURL = all.Web.Url });
        var page = await developer.NewPageAsync();
        var shop = await NewShop.MakeAsync(page);
        var site = await WebSite.StartAsync(new Dictionary<string, string> { ["/shop"] = $"<!doctype html><html lang=\"en\"><head><title>Shop</title>{shop.Snippet}</head><body>Shop</body></html>" });
        await page.GotoAsync($"/issues?project={shop.Project}");
        // The moment at which the page first shows each word.
        await page.EvaluateAsync("""
            () => {
              window.shown = {};
              const look = () => { for (const [word] of document.body.textContent.matchAll(/probe[a-z]{6}/g)) window.shown[word] ??= performance.timeOrigin + performance.now(); };
              new MutationObserver(look).observe(document.body, { childList: true, subtree: true, characterData: true });
            }
            """);
        return new(chromium, site, page);
    }

    /// <summary>Milliseconds from the throw to the list, sorted. Throws one error after the other, each of its own kind.</summary>
    public async Task<IReadOnlyList<double>> SeeAsync(int throws)
    {
        var context = await _chromium.Browser.NewContextAsync();
        try
        {
            var shop = await context.NewPageAsync();
            await shop.GotoAsync($"{_site.Url}/shop");
            // The agent comes after the page.
            await shop.WaitForLoadStateAsync(LoadState.NetworkIdle);
            var times = new List<double>();
            for (var i = 0; i < throws; i++)
            {
                var word = Word(_next++);
                var thrown = await shop.EvaluateAsync<double>(
                    "word => { setTimeout(() => { throw new TypeError(`${word} is not a function`); }); return performance.timeOrigin + performance.now(); }", word);
                var shown = 0.0;
                await Deadline.Until(
                    async () => (shown = await _list.EvaluateAsync<double>("word => window.shown[word] ?? 0", word)) > 0,
                    TimeSpan.FromSeconds(60), what: $"{word} is on the list");
                times.Add(shown - thrown);
                // People's errors do not come in step with the agent's batches and the page's turns.
                await Task.Delay(Pause + TimeSpan.FromMilliseconds(_next * 137 % 600));
            }

            times.Sort();
            return times;
        }
        finally
        {
            await context.CloseAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _chromium.DisposeAsync();
        await _site.DisposeAsync();
    }

    private static string Word(int number)
    {
        Span<char> letters = stackalloc char[6];
        for (var i = 5; i >= 0; i--, number /= 26)
            letters[i] = (char)('a' + (number % 26));
        return $"probe{letters}";
    }
}
