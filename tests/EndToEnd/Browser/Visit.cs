using ErrorPipeline.Rigs;
using Microsoft.Playwright;

namespace ErrorPipeline.EndToEnd.Browser;

/// <summary>A visitor with a clean profile on the shop's page.</summary>
internal sealed class Visit : IAsyncDisposable
{
    private static readonly string[] Meant = [Shop.Early, "Cannot read properties", Shop.Rejected, Shop.RejectedText, Shop.Captured, Shop.Leaving];
    private readonly IBrowserContext _context;
    private readonly List<string> _thrown = [];

    private Visit(IBrowserContext context, IPage page)
    {
        _context = context;
        Page = page;
        page.PageError += (_, message) => _thrown.Add(message);
    }

    public IPage Page { get; }

    /// <summary>Errors of the page that it did not throw on purpose.</summary>
    public IEnumerable<string> Foreign => _thrown.Where(t => !Meant.Any(t.Contains));

    public static async Task<Visit> OpenAsync(Chromium chromium, WebSite shop)
    {
        var context = await chromium.Browser.NewContextAsync();
        var visit = new Visit(context, await context.NewPageAsync());
        await visit.Page.GotoAsync($"{shop.Url}/basket");
        return visit;
    }

    public async ValueTask DisposeAsync() => await _context.CloseAsync();
}
