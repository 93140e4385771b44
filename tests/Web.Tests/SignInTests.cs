using System.Net;
using ErrorPipeline.Web.SigningIn;

namespace ErrorPipeline.Web.Tests;

public class SignInTests
{
    [Test]
    public async Task SignIn_WithTheRightPassword_SetsACookieThatScriptsCannotRead()
    {
        using var visitor = Shared.Rig.Visit();
        using var answer = await visitor.SignInAsync(DashboardRig.Email, DashboardRig.Password);
        var cookie = answer.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith("ep_session=", StringComparison.Ordinal));
        cookie.Should().Contain("httponly").And.Contain("samesite=lax").And.NotContain("secure");
        (await visitor.ReadAsync("/issues")).Should().Contain("Sign out");
    }

    [Test]
    public async Task SignIn_BehindAProxyWithTls_MarksCookiesSecure()
    {
        await using var rig = await DashboardRig.StartAsync("--Web:TrustedProxies", "127.0.0.1");
        using var visitor = rig.Visit();
        visitor.Client.DefaultRequestHeaders.Add("X-Forwarded-Proto", "https");
        visitor.Client.DefaultRequestHeaders.Host = "errors.example.com";
        using var answer = await visitor.GetAsync("/sign-in");
        answer.Headers.GetValues("Set-Cookie").Single().Should().Contain("secure");
        answer.Headers.GetValues("Strict-Transport-Security").Should().ContainSingle();
    }

    [Test]
    public async Task SignIn_ForwardedHeadersFromAnyone_AreNotBelieved()
    {
        using var visitor = Shared.Rig.Visit();
        visitor.Client.DefaultRequestHeaders.Add("X-Forwarded-Proto", "https");
        using var answer = await visitor.GetAsync("/sign-in");
        answer.Headers.GetValues("Set-Cookie").Single().Should().NotContain("secure");
        answer.Headers.Contains("Strict-Transport-Security").Should().BeFalse();
    }

    [Test]
    public async Task SignIn_TriedTooOften_IsRefusedForThatAccountAlone()
    {
        using var visitor = Shared.Rig.Visit();
        const string account = "guessed@example.com";
        for (var i = 0; i < SignInThrottle.FailuresPerAccount; i++)
        {
            using var wrong = await visitor.SignInAsync(account, "guess " + i);
            wrong.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        }

        using var refused = await visitor.SignInAsync(account, "guess");
        refused.StatusCode.Should().Be(HttpStatusCode.TooManyRequests);
        refused.Headers.RetryAfter!.Delta.Should().BePositive();
        using var other = await visitor.SignInAsync(DashboardRig.Email, DashboardRig.Password);
        other.StatusCode.Should().Be(HttpStatusCode.Redirect);
    }

    [Test]
    public async Task SignIn_WithACookieThatSomebodyPlanted_StartsANewSession()
    {
        using var attacker = await Shared.Rig.VisitSignedInAsync();
        var planted = attacker.Cookies["ep_session"]!.Value;
        using var victim = Shared.Rig.Visit();
        victim.Cookies.Should().BeEmpty();
        using var answer = await victim.SignInAsync(DashboardRig.Email, DashboardRig.Password);
        victim.Cookies["ep_session"]!.Value.Should().NotBe(planted);
    }

    [TestCase("/issues?sort=count", "/issues?sort=count")]
    [TestCase("https://evil.example", "/")]
    [TestCase("//evil.example", "/")]
    [TestCase("/\\evil.example", "/")]
    [TestCase("/\t/evil.example", "/")]
    [TestCase("/\n/evil.example", "/")]
    [TestCase("javascript:alert(1)", "/")]
    [TestCase("evil", "/")]
    [TestCase("", "/")]
    public async Task SignIn_ToAnAddress_StaysHere(string to, string there)
    {
        using var visitor = Shared.Rig.Visit();
        using var answer = await visitor.SignInAsync(DashboardRig.Email, DashboardRig.Password, to);
        answer.Headers.Location!.ToString().Should().Be(there);
        (await visitor.GetAsync("/sign-in?to=" + Uri.EscapeDataString(to))).Headers.Location!.ToString().Should().Be(there);
    }

    [Test]
    public async Task SignOut_ByItsForm_EndsTheSession()
    {
        using var visitor = await Shared.Rig.VisitSignedInAsync();
        using var answer = await visitor.PostAsync("/issues", "/sign-out");
        using var after = await visitor.GetAsync("/issues");
        after.StatusCode.Should().Be(HttpStatusCode.Redirect);
    }

    [Test]
    public async Task Password_Changed_EndsEveryOtherSession()
    {
        await using var rig = await DashboardRig.StartAsync();
        using var here = await rig.VisitSignedInAsync();
        using var elsewhere = await rig.VisitSignedInAsync();
        using var wrong = await here.PostAsync("/account", "/account/password", ("Current", "not it"), ("New", "a new long password"), ("Again", "a new long password"));
        wrong.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        using var differ = await here.PostAsync("/account", "/account/password", ("Current", DashboardRig.Password), ("New", "a new long password"), ("Again", "another long password"));
        differ.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        using var done = await here.PostAsync("/account", "/account/password", ("Current", DashboardRig.Password), ("New", "a new long password"), ("Again", "a new long password"));
        done.StatusCode.Should().Be(HttpStatusCode.Redirect);

        (await here.GetAsync("/issues")).StatusCode.Should().Be(HttpStatusCode.OK);
        (await elsewhere.GetAsync("/issues")).StatusCode.Should().Be(HttpStatusCode.Redirect);
        using var again = rig.Visit();
        (await again.SignInAsync(DashboardRig.Email, DashboardRig.Password)).StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        (await again.SignInAsync(DashboardRig.Email, "a new long password")).StatusCode.Should().Be(HttpStatusCode.Redirect);
    }

    [Test]
    public async Task Session_AfterARestart_GoesOn()
    {
        await using var rig = await DashboardRig.StartAsync();
        using var visitor = await rig.VisitSignedInAsync();
        await rig.RestartAppAsync();
        (await visitor.GetAsync("/issues")).StatusCode.Should().Be(HttpStatusCode.OK);
    }
}
