using System.Net;
using ErrorPipeline.Rigs;
using ErrorPipeline.Shared.Streams;
using ErrorPipeline.Web.Serving;
using ErrorPipeline.Web.Settings;
using Microsoft.Extensions.DependencyInjection;

namespace ErrorPipeline.Web.Tests;

public class SettingsTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private static ConfigChannel Channel => Shared.Rig.App.Services.GetRequiredService<ConfigChannel>();

    [Test]
    public async Task Project_MadeEditedAndRotated_ReachesCollectors()
    {
        var visitor = Shared.Ann;
        using var made = await visitor.PostAsync("/projects", "/projects", ("name", "Rotating"));
        var setup = made.Headers.Location!.ToString();
        var id = int.Parse(setup.Split('/')[2], System.Globalization.CultureInfo.InvariantCulture);
        using var saved = await visitor.PostAsync($"/projects/{id}", $"/projects/{id}", ("Name", "Rotating"), ("Origins", "https://a.example\nhttps://*.b.example/"), ("EventsPerMinute", "600"));
        saved.StatusCode.Should().Be(HttpStatusCode.Redirect);
        var first = (await Shared.Rig.Config.GetProjectAsync(id, CancellationToken.None))!.Keys.Single().Key;
        using var added = await visitor.PostAsync($"/projects/{id}", $"/projects/{id}/keys");
        using var revoked = await visitor.PostAsync($"/projects/{id}", $"/projects/{id}/keys/revoke", ("key", first));

        await Deadline.Until(
            async () => (await Channel.ReadAsync())?.Projects.SingleOrDefault(p => p.Id == id) is { Keys: [var key] } pushed
                && key != first && pushed.EventsPerMinute == 600 && pushed.AllowedOrigins.SequenceEqual(["https://a.example", "https://*.b.example"]),
            Patience);
        var page = WebUtility.HtmlDecode(await visitor.ReadAsync(setup + "/snippet"));
        page.Should().NotContain(first).And.Contain((await Channel.ReadAsync())!.Projects.Single(p => p.Id == id).Keys[0]);
    }

    [Test]
    public async Task Config_LostByRedis_ComesBack()
    {
        await Deadline.Until(async () => await Channel.ReadAsync() is not null, Patience);
        await Shared.Rig.FlushRedisAsync();
        await Deadline.Until(async () => await Channel.ReadAsync() is not null, Patience);
    }

    [TestCase("https://shop.example.com/path")]
    [TestCase("shop.example.com")]
    [TestCase("javascript:alert(1)")]
    [TestCase("https://*")]
    [TestCase("https://a.*.example")]
    [TestCase("https://user@shop.example.com")]
    public void Origin_ThatNoBrowserSends_IsExplained(string origin) =>
        new ProjectForm { Name = "Shop", Origins = origin }.Problem().Should().Contain("is not an origin");

    [TestCase("https://shop.example.com")]
    [TestCase("http://localhost:3000")]
    [TestCase("https://*.example.com")]
    [TestCase("")]
    public void Origin_AsBrowsersSendIt_IsTaken(string origin) => new ProjectForm { Name = "Shop", Origins = origin, EventsPerMinute = "" }.Problem().Should().BeNull();

    [TestCase("Web:CollectorUrl", "ftp://x", "ERRORPIPELINE_WEB__COLLECTORURL is 'ftp://x'")]
    [TestCase("Web:ApiToken", "short", "ERRORPIPELINE_WEB__APITOKEN has 5 characters")]
    [TestCase("Web:UploadToken", "short", "ERRORPIPELINE_WEB__UPLOADTOKEN has 5 characters")]
    [TestCase("Web:FirstUserEmail", "ann", "ERRORPIPELINE_WEB__FIRSTUSEREMAIL is 'ann'")]
    [TestCase("Web:FirstUserPassword", "short", "ERRORPIPELINE_WEB__FIRSTUSERPASSWORD is too short")]
    [TestCase("Web:TrustedProxies", "127.0.0.1, proxy", "ERRORPIPELINE_WEB__TRUSTEDPROXIES names 'proxy'")]
    [TestCase("Web:SessionDays", "0", "ERRORPIPELINE_WEB__SESSIONDAYS is 0")]
    public void Setting_ThatCannotWork_IsNamed(string setting, string value, string message)
    {
        using var folder = new TempFolder();
        var build = () => Dashboard.Build(["--DataDirectory", folder.Path, "--" + setting, value]);
        build.Should().Throw<Microsoft.Extensions.Options.OptionsValidationException>().Which.Failures.Single().Should().StartWith(message);
    }

    [Test]
    public async Task Demo_Open_MayLoadTheAgentAndNothingMore()
    {
        using var stranger = Shared.Rig.Visit();
        using var answer = await stranger.GetAsync("/demo");
        answer.Headers.GetValues("Content-Security-Policy").Single().Should().Contain("connect-src 'self' http://127.0.0.1:5081;").And.NotContain("unsafe");
        (await answer.Content.ReadAsStringAsync()).Should().Contain("Uncaught TypeError").And.NotContain("__KEY__");
    }
}
