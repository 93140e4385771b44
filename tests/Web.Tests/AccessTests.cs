using System.Net;

namespace ErrorPipeline.Web.Tests;

public class AccessTests
{
    /// <summary>All that a stranger may reach. A line here is a decision.</summary>
    private static readonly string[] Open =
        ["/sign-in", "/sign-out", "/healthz/live", "/healthz/ready", "/metrics", "/assets/1/1", "/demo", "/demo/left", "/theme"];

    public static bool IsOpen(string path) => Open.Contains(path);

    [Test]
    public async Task Endpoints_AskedByAStranger_WantASession()
    {
        using var stranger = Shared.Rig.Visit();
        var closed = Endpoints.All(Shared.Rig).Where(e => !Open.Contains(e.Path)).ToList();
        closed.Count.Should().BeGreaterThan(20);
        foreach (var (method, path) in closed)
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(path, UriKind.Relative));
            using var answer = await stranger.Client.SendAsync(request);
            if (path.StartsWith("/api/", StringComparison.Ordinal) || path == "/live")
                answer.StatusCode.Should().Be(HttpStatusCode.Unauthorized, "{0} {1}", method, path);
            else
                answer.Headers.Location?.ToString().Should().StartWith("/sign-in", "{0} {1}", method, path);
        }
    }

    [Test]
    public async Task Endpoints_ThatChangeSomething_WantTheTokenOfAForm()
    {
        var visitor = Shared.Ann;
        var changing = Endpoints.All(Shared.Rig).Where(e => e.Method is not ("GET" or "HEAD")).ToList();
        changing.Count.Should().BeGreaterThan(7);
        foreach (var (method, path) in changing)
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(path, UriKind.Relative));
            request.Content = new FormUrlEncodedContent([]);
            using var answer = await visitor.Client.SendAsync(request);
            answer.StatusCode.Should().Be(HttpStatusCode.BadRequest, "{0} {1}", method, path);
        }

        using var still = await visitor.GetAsync("/issues");
        still.StatusCode.Should().Be(HttpStatusCode.OK, "the forged sign-out had no effect");
    }

    [Test]
    public async Task Endpoints_AnsweringAnything_SayWhatMayRun()
    {
        var visitor = Shared.Ann;
        var project = await Shared.ProjectAsync();
        var paths = Endpoints.All(Shared.Rig).Where(e => e.Method == "GET" && e.Path != "/live").Select(e => e.Path)
            .Append("/nothing/at/all").Append($"/projects/{project}").Append($"/projects/{project}/setup");
        foreach (var path in paths)
        {
            using var answer = await visitor.GetAsync(path);
            var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
            policy.Should().StartWith("default-src 'none'; script-src 'nonce-", "{0}", path)
                .And.Contain("frame-ancestors 'none'").And.Contain("base-uri 'none'").And.Contain("form-action 'self'").And.NotContain("unsafe");
            answer.Headers.GetValues("X-Content-Type-Options").Single().Should().Be("nosniff");
            ((int)answer.StatusCode).Should().BeLessThan(500, "{0}", path);
            await HoldsNothingInlineAsync(answer, policy, path);
        }
    }

    [Test]
    public async Task ApiToken_OpensTheApi_AndNothingElse()
    {
        (await AskAsync("/api/v1/projects", DashboardRig.Token)).Should().Be(HttpStatusCode.OK);
        (await AskAsync("/api/v1/projects", DashboardRig.Token + "x")).Should().Be(HttpStatusCode.Unauthorized);
        (await AskAsync("/api/v1/projects", "")).Should().Be(HttpStatusCode.Unauthorized);
        (await AskAsync("/projects", DashboardRig.Token)).Should().Be(HttpStatusCode.Redirect);
        (await AskAsync("/live", DashboardRig.Token)).Should().Be(HttpStatusCode.Unauthorized);
    }

    [Test]
    public async Task Api_AskedForWhatIsNotThere_SaysSoInJsend()
    {
        var visitor = Shared.Ann;
        foreach (var path in new[] { "/api/v1/issues/999999", "/api/v1/events/1/none", "/api/v1/nothing" })
        {
            using var answer = await visitor.GetAsync(path);
            answer.StatusCode.Should().Be(HttpStatusCode.NotFound);
            (await answer.Content.ReadAsStringAsync()).Should().StartWith("{\"status\":\"fail\",\"data\":{\"reason\":\"not_found\"");
        }
    }

    private static async Task<HttpStatusCode> AskAsync(string path, string token)
    {
        using var visitor = Shared.Rig.Visit();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token);
        using var answer = await visitor.Client.SendAsync(request);
        return answer.StatusCode;
    }

    /// <summary>Every script tag of ours carries this answer's nonce; no handlers, no style attributes, no other hosts.</summary>
    private static async Task HoldsNothingInlineAsync(HttpResponseMessage answer, string policy, string path)
    {
        if (answer.Content.Headers.ContentType?.MediaType != "text/html")
            return;
        var html = await answer.Content.ReadAsStringAsync();
        var nonce = policy.Split("'nonce-")[1].Split('\'')[0];
        html.Split("<script").Skip(1).Where(tag => !WebUtility.HtmlDecode(tag).Contains($"nonce=\"{nonce}\"")).Should().BeEmpty(path);
        html.Should().NotMatchRegex("<[^>]+\\son[a-z]+=", "{0}", path).And.NotMatchRegex("<[^>]+\\sstyle=", "{0}", path);
        html.Should().NotMatchRegex("(src|href)=\"(https?:)?//", "{0}", path);
    }
}
