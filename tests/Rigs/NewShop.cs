using Microsoft.Playwright;

namespace ErrorPipeline.Rigs;

/// <summary>What a developer does first, in a real browser: signs in, makes the project "Shop", and copies its snippet.</summary>
public sealed record NewShop(int Project, string Snippet)
{
    /// <param name="page">Of a browser that has the dashboard as its base.</param>
    public static async Task<NewShop> MakeAsync(IPage page)
    {
        await page.GotoAsync("/projects");
        await page.FillAsync("input[name=Email]", Installation.FirstUser);
        await page.FillAsync("input[name=Password]", Installation.FirstPassword);
        await page.ClickAsync("form[action='/sign-in'] button");
        await page.FillAsync("form[action='/projects'] input[name=name]", "Shop");
        await page.ClickAsync("form[action='/projects'] button");
        await page.ClickAsync("a[href$='/setup/snippet']:visible >> nth=0");
        var snippet = await page.Locator("pre:has-text('agent.js') code").First.TextContentAsync();
        return new(int.Parse(page.Url.Split('/')[^3], System.Globalization.CultureInfo.InvariantCulture), snippet!);
    }
}
