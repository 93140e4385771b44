using ErrorPipeline.Rigs;
using Microsoft.Playwright;

namespace ErrorPipeline.Clients;

/// <summary>One visitor on one page of the shop, from opening it to leaving it.</summary>
internal static class Visit
{
    /// <summary>Long enough for a client's own short timers; the slow ones end when the page is left.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(400);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public const string Query = "?visit=7&mail=ann@shop.example#top";

    /// <param name="sends">True once what is sent before the page is left has been sent. A client that never does is found out by what is missing then.</param>
    public static async Task MakeAsync(IPage page, WebSite shop, string client, string @case, Func<bool> sends)
    {
        await page.GotoAsync($"{shop.Url}/{@case}{Query}");
        await page.WaitForFunctionAsync("globalThis.isDone", null, new() { Timeout = 30_000 });
        try
        {
            await Deadline.Until(sends, Patience);
        }
        catch (TimeoutException)
        {
            TestContext.Progress.WriteLine($"{client} sends nothing in case {@case}");
        }

        await QuietAsync(client, @case);
        await page.GotoAsync("about:blank");
        await QuietAsync(client, @case);
    }

    private static async Task QuietAsync(string client, string @case)
    {
        var answered = -1;
        var since = TimeProvider.System.GetTimestamp();
        await Deadline.Until(
            () =>
            {
                if (!World.Wire.IsIdle(client, @case) || World.Wire.Answered(client, @case) != answered)
                {
                    answered = World.Wire.Answered(client, @case);
                    since = TimeProvider.System.GetTimestamp();
                }

                return TimeProvider.System.GetElapsedTime(since) > Quiet;
            },
            TimeSpan.FromSeconds(30),
            what: $"{client} falls quiet after {@case}");
    }
}
