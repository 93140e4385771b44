using System.Net;

namespace ErrorPipeline.Web.Tests;

public class ThemeTests
{
    [Test]
    public async Task Theme_ThatWasChosen_IsOnEveryPageUntilTheSystemIsFollowedAgain()
    {
        using var visitor = await Shared.Rig.VisitSignedInAsync();
        (await visitor.ReadAsync("/projects")).Should().Contain("<html lang=\"en\">").And.Contain("content=\"light dark\"");

        using var chosen = await visitor.PostAsync("/projects", "/theme", ("theme", "dark"), ("to", "/issues?state=all"));
        chosen.StatusCode.Should().Be(HttpStatusCode.Redirect);
        chosen.Headers.Location!.ToString().Should().Be("/issues?state=all");
        (await visitor.ReadAsync("/projects")).Should().Contain("data-theme=\"dark\"").And.Contain("content=\"dark\"");

        using var followed = await visitor.PostAsync("/projects", "/theme", ("theme", "system"), ("to", "/"));
        (await visitor.ReadAsync("/projects")).Should().Contain("<html lang=\"en\">");
    }

    [TestCase("//evil.example/")]
    [TestCase("https://evil.example/")]
    [TestCase("/\\evil.example")]
    public async Task Theme_ChosenWithAnAddressElsewhere_LeadsHome(string to)
    {
        using var answer = await Shared.Ann.PostAsync("/projects", "/theme", ("theme", "\"><script>"), ("to", to));
        answer.Headers.Location!.ToString().Should().Be("/");
        answer.Headers.TryGetValues("Set-Cookie", out var cookies);
        (cookies ?? []).Should().NotContain(cookie => cookie.Contains("script"));
    }
}
