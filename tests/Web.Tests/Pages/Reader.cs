using ErrorPipeline.Rigs;
using Microsoft.Playwright;

namespace ErrorPipeline.Web.Tests.Pages;

/// <summary>Somebody who is signed in, in a browser of their own.</summary>
internal sealed class Reader : IAsyncDisposable
{
    private readonly IBrowserContext _context;

    private Reader(IBrowserContext context, IPage page) => (_context, Page) = (context, page);

    public IPage Page { get; }

    public static async Task<Reader> SignInAsync(Chromium chromium, DashboardRig rig, BrowserNewContextOptions? options = null)
    {
        options ??= new();
        options.BaseURL = rig.Url.ToString();
        var context = await chromium.Browser.NewContextAsync(options);
        var page = await context.NewPageAsync();
        await page.GotoAsync("/sign-in");
        await page.FillAsync("[name=Email]", DashboardRig.Email);
        await page.FillAsync("[name=Password]", DashboardRig.Password);
        await page.ClickAsync("button.main");
        return new(context, page);
    }

    public async ValueTask DisposeAsync() => await _context.CloseAsync();
}
