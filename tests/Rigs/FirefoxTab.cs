using System.Text.Json;

namespace ErrorPipeline.Rigs;

public sealed class FirefoxTab
{
    private readonly BiDiConnection _bidi;
    private readonly string _context;

    internal FirefoxTab(BiDiConnection bidi, string context) => (_bidi, _context) = (bidi, context);

    /// <summary>Returns when the page has loaded.</summary>
    public Task NavigateAsync(string url) => _bidi.CallAsync("browsingContext.navigate", new { context = _context, url, wait = "complete" });

    /// <summary>The value of an expression as JSON; a promise is waited for. An exception of the page is one here.</summary>
    public async Task<JsonElement> EvaluateAsync(string expression)
    {
        var answer = await _bidi.CallAsync("script.evaluate", new
        {
            expression = $"(async () => JSON.stringify(await ({expression}) ?? null))()",
            target = new { context = _context },
            awaitPromise = true,
        });
        if (answer.GetProperty("type").GetString() != "success")
            throw new InvalidOperationException(answer.GetRawText());
        return JsonDocument.Parse(answer.GetProperty("result").GetProperty("value").GetString()!).RootElement;
    }

    /// <summary>As a visitor clicks: moves there, presses, lets go.</summary>
    public async Task ClickAsync(string selector)
    {
        var found = await _bidi.CallAsync("browsingContext.locateNodes", new { context = _context, locator = new { type = "css", value = selector }, maxNodeCount = 1 });
        var element = found.GetProperty("nodes")[0].GetProperty("sharedId").GetString();
        await _bidi.CallAsync("input.performActions", new
        {
            context = _context,
            actions = new[]
            {
                new
                {
                    type = "pointer",
                    id = "mouse",
                    actions = new object[]
                    {
                        new { type = "pointerMove", x = 0, y = 0, origin = new { type = "element", element = new { sharedId = element } } },
                        new { type = "pointerDown", button = 0 },
                        new { type = "pointerUp", button = 0 },
                    },
                },
            },
        });
    }

    public Task CloseAsync() => _bidi.CallAsync("browsingContext.close", new { context = _context });
}
