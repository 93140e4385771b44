using ErrorPipeline.Rigs;
using Microsoft.Playwright;

namespace ErrorPipeline.Web.Tests.Pages;

/// <summary>What a first visit costs over the wire, as the browser counts it.</summary>
internal sealed class PageWeightTests
{
    private const int Promised = 60 * 1024;
    private const int PromisedScript = 30 * 1024;

    [Test]
    public async Task List_OfAFullPage_IsLightAndItsScriptsLighter()
    {
        var project = await Shared.ProjectAsync();
        await Shared.Rig.ApplyAsync([.. Enumerable.Range(0, 30).Select(n => Some.Delta(
            project, $"weight{n}", message: $"Cannot read properties of undefined (reading 'field{n * 7919 % 1000}')", hours: 24, byHour: h => (h * (n + 3) * 37 % 91) + 1))]);
        await using var chromium = await Chromium.LaunchAsync();
        await using var reader = await Reader.SignInAsync(chromium, Shared.Rig);
        var wire = await reader.Page.Context.NewCDPSessionAsync(reader.Page);
        await wire.SendAsync("Network.enable");
        await wire.SendAsync("Network.setCacheDisabled", new() { ["cacheDisabled"] = true });
        var scripts = new HashSet<string>();
        int all = 0, script = 0;
        wire.Event("Network.responseReceived").OnEvent += (_, message) =>
        {
            if (message!.Value.GetProperty("type").GetString() == "Script")
                scripts.Add(message.Value.GetProperty("requestId").GetString()!);
        };
        wire.Event("Network.loadingFinished").OnEvent += (_, message) =>
        {
            var bytes = (int)message!.Value.GetProperty("encodedDataLength").GetDouble();
            all += bytes;
            if (scripts.Contains(message.Value.GetProperty("requestId").GetString()!))
                script += bytes;
        };

        await reader.Page.GotoAsync($"/issues?project={project}", new() { WaitUntil = WaitUntilState.Load });

        (await reader.Page.Locator("tr[data-issue]").CountAsync()).Should().Be(25);
        await TestContext.Out.WriteLineAsync($"the list: {all} bytes transferred, of them {script} of scripts");
        all.Should().BeInRange(5_000, Promised);
        script.Should().BeInRange(500, PromisedScript);
    }
}
