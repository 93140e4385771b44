using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using ErrorPipeline.Web.Api;
using ErrorPipeline.Web.SigningIn;
using ErrorPipeline.Web.SourceMaps;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ErrorPipeline.Web.Tests;

/// <summary>Attacks, each tried on every way in that the routing table knows: what is added tomorrow is attacked tomorrow.</summary>
public class SecurityTests
{
    private static readonly string[] Elsewhere = ["https://evil.example/", "//evil.example", "/\\evil.example", "/\t/evil.example", "javascript:alert(1)"];

    [Test]
    public async Task Csrf_ChangeFromAnotherSite_IsRefused()
    {
        using var other = await Shared.Rig.VisitSignedInAsync();
        var foreign = await TokenAsync(other);
        foreach (var (method, path) in Unsafe())
        {
            using var request = Request(method, path, ("__RequestVerificationToken", foreign));
            request.Headers.Add("Origin", "https://evil.example");
            request.Headers.Add("Sec-Fetch-Site", "cross-site");
            using var answer = await Shared.Ann.Client.SendAsync(request);
            answer.StatusCode.Should().Be(HttpStatusCode.BadRequest, "{0} {1} with the token of another's form", method, path);
        }
    }

    [Test]
    public async Task Csrf_JsonOfASession_NeedsTheTokenToo()
    {
        foreach (var (method, path) in Unsafe().Where(e => e.Path.StartsWith("/api/", StringComparison.Ordinal)))
        {
            using var request = new HttpRequestMessage(new(method), new Uri(path, UriKind.Relative)) { Content = new StringContent("{}", new MediaTypeHeaderValue("application/json")) };
            using var answer = await Shared.Ann.Client.SendAsync(request);
            answer.StatusCode.Should().Be(HttpStatusCode.BadRequest, "{0} {1}", method, path);
        }
    }

    [Test]
    public async Task Clickjacking_NoAnswerCanBeFramed()
    {
        using var stranger = Shared.Rig.Visit();
        foreach (var (method, path) in Endpoints.All(Shared.Rig).Where(e => e.Path != "/live"))
        {
            foreach (var client in new[] { Shared.Ann.Client, stranger.Client })
            {
                using var request = Request(method, path);
                using var answer = await client.SendAsync(request);
                answer.Headers.GetValues("X-Frame-Options").Should().Equal(["DENY"], "{0} {1}", method, path);
                answer.Headers.GetValues("Content-Security-Policy").Single().Should().Contain("frame-ancestors 'none'", "{0} {1}", method, path);
                answer.Headers.GetValues("X-Content-Type-Options").Should().Equal(["nosniff"], "{0} {1}", method, path);
            }
        }
    }

    [Test]
    public async Task OpenRedirect_NoAnswerLeadsElsewhere()
    {
        using var stranger = Shared.Rig.Visit();
        string[] names = ["to", "returnUrl", "ReturnUrl", "url", "next", "redirect", "continue", "back"];
        foreach (var path in Endpoints.All(Shared.Rig).Where(e => e.Method == "GET" && e.Path != "/live").Select(e => e.Path))
        {
            foreach (var evil in Elsewhere)
            {
                var query = string.Join('&', names.Select(name => $"{name}={Uri.EscapeDataString(evil)}"));
                foreach (var client in new[] { Shared.Ann.Client, stranger.Client })
                {
                    using var answer = await client.GetAsync(new Uri($"{path}?{query}", UriKind.Relative));
                    StaysHere(answer, path);
                }
            }
        }
    }

    [Test]
    public async Task OpenRedirect_NoFormLeadsElsewhere()
    {
        await using var rig = await DashboardRig.StartAsync();
        foreach (var (method, path) in Endpoints.All(rig).Where(e => e.Method == "POST" && !e.Path.StartsWith("/api/", StringComparison.Ordinal)))
        {
            using var ann = await rig.VisitSignedInAsync();
            var token = await TokenAsync(ann);
            using var answer = await ann.PostRawAsync(path, [("__RequestVerificationToken", token), .. new[] { "To", "to", "returnUrl", "next" }.Select(name => (name, Elsewhere[0]))]);
            StaysHere(answer, $"{method} {path}");
        }
    }

    [Test]
    public async Task SessionFixation_WhateverCookieCame_SigningInMakesAnother()
    {
        var made = new HashSet<string>(StringComparer.Ordinal);
        for (var n = 0; n < 3; n++)
        {
            using var visitor = await Shared.Rig.VisitSignedInAsync();
            made.Add(visitor.Cookies["ep_session"]!.Value).Should().BeTrue("each session is its own");
            using var again = await visitor.PostAsync("/account", "/sign-in", ("Email", DashboardRig.Email), ("Password", DashboardRig.Password));
            made.Add(visitor.Cookies["ep_session"]!.Value).Should().BeTrue("signing in again replaces what was there");
        }

        using var forged = Shared.Rig.Visit();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/issues", UriKind.Relative));
        request.Headers.Add("Cookie", "ep_session=" + Convert.ToBase64String(RandomNumberGenerator.GetBytes(300)));
        using var answer = await forged.Client.SendAsync(request);
        answer.Headers.Location!.ToString().Should().StartWith("/sign-in");
    }

    [Test]
    public async Task BruteForce_OfTokens_IsStoppedOnEveryEndpointTogether()
    {
        await using var rig = await DashboardRig.StartAsync();
        using var client = new HttpClient { BaseAddress = rig.Url };
        var paths = Endpoints.All(rig).Where(e => e.Path.StartsWith("/api/", StringComparison.Ordinal)).ToList();
        var answers = new List<HttpStatusCode>();
        for (var n = 0; n < TokenThrottle.Failures + 3; n++)
        {
            var (method, path) = paths[n % paths.Count];
            using var request = Request(method, path);
            request.Headers.Authorization = new("Bearer", $"epp_{RandomNumberGenerator.GetString("abcdef", 12)}_{RandomNumberGenerator.GetString("abcdef", 40)}");
            using var answer = await client.SendAsync(request);
            answers.Add(answer.StatusCode);
        }

        answers.Take(TokenThrottle.Failures).Should().AllBeEquivalentTo(HttpStatusCode.Unauthorized);
        answers.Skip(TokenThrottle.Failures).Should().AllBeEquivalentTo(HttpStatusCode.TooManyRequests);
    }

    [Test]
    public async Task BruteForce_OfThePresentPassword_IsStopped()
    {
        await using var rig = await DashboardRig.StartAsync();
        using var ann = await rig.VisitSignedInAsync();
        var answers = new List<HttpStatusCode>();
        for (var n = 0; n <= SignInThrottle.FailuresPerAccount; n++)
        {
            using var answer = await ann.PostAsync("/account", "/account/password", ("Current", $"guess {n}"), ("New", "a new long password"), ("Again", "a new long password"));
            answers.Add(answer.StatusCode);
        }

        answers.Should().EndWith([HttpStatusCode.TooManyRequests]).And.StartWith([HttpStatusCode.BadRequest]);
    }

    /// <summary>Deny by default: a token goes where an endpoint says so and as far as its scope, and nowhere else.</summary>
    [Test]
    public async Task Scopes_OnEveryEndpoint_OpenWhatIsDescribedAndNoMore()
    {
        await using var rig = await DashboardRig.StartAsync();
        using var ann = await rig.VisitSignedInAsync();
        var tokens = new Dictionary<ApiScope, string>
        {
            [ApiScope.Read] = await ApiTokenTests.MakeAsync(ann, "read"),
            [ApiScope.Write] = await ApiTokenTests.MakeAsync(ann, "write"),
            [ApiScope.Admin] = await ApiTokenTests.MakeAsync(ann, "admin"),
        };
        var tried = 0;
        foreach (var endpoint in rig.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>())
        {
            var about = endpoint.Metadata.GetMetadata<ApiEndpoint>();
            var path = Endpoints.Fill(endpoint.RoutePattern.RawText!);
            foreach (var method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? [])
            {
                foreach (var (scope, token) in tokens)
                {
                    if (path == "/live" || endpoint.Metadata.GetMetadata<TakesUploadToken>() is not null && about is null)
                        continue;
                    using var visitor = rig.Visit();
                    using var request = Request(method, path);
                    request.Headers.Authorization = new("Bearer", token);
                    // Routing looks at what kind of body comes, too.
                    if (about?.Body is not null)
                        request.Content = new StringContent("{}", new MediaTypeHeaderValue("application/json"));
                    using var answer = await visitor.Client.SendAsync(request);
                    tried++;
                    if (about is null && path.StartsWith("/api/v1", StringComparison.Ordinal))
                        answer.StatusCode.Should().Be(HttpStatusCode.Forbidden, "{0} {1} is not described", method, path);
                    else if (about is not null && scope < about.Scope)
                        answer.StatusCode.Should().Be(HttpStatusCode.Forbidden, "{0} {1} with {2}", method, path, scope);
                    else if (about is not null)
                        answer.StatusCode.Should().NotBe(HttpStatusCode.Forbidden, "{0} {1} with {2}", method, path, scope).And.NotBe(HttpStatusCode.Unauthorized);
                }
            }
        }

        tried.Should().BeGreaterThan(200);
    }

    [Test]
    public async Task Tokens_OnPages_AreNoSession()
    {
        var token = await ApiTokenTests.MakeAsync(Shared.Ann, "admin");
        using var visitor = Shared.Rig.Visit();
        foreach (var (method, path) in Endpoints.All(Shared.Rig).Where(e => !e.Path.StartsWith("/api", StringComparison.Ordinal) && !AccessTests.IsOpen(e.Path) && e.Path != "/live"))
        {
            using var request = Request(method, path);
            request.Headers.Authorization = new("Bearer", token);
            using var answer = await visitor.Client.SendAsync(request);
            answer.Headers.Location?.ToString().Should().StartWith("/sign-in", "{0} {1}", method, path);
        }

        await ApiTokenTests.RevokeAllAsync();
    }

    private static IEnumerable<(string Method, string Path)> Unsafe() => Endpoints.All(Shared.Rig).Where(e => e.Method is not ("GET" or "HEAD"));

    private static HttpRequestMessage Request(string method, string path, params (string Name, string Value)[] fields) => new(new(method), new Uri(path, UriKind.Relative))
    {
        Content = method is "GET" or "HEAD" ? null : new FormUrlEncodedContent(fields.Select(f => KeyValuePair.Create(f.Name, f.Value))),
    };

    private static async Task<string> TokenAsync(Visitor visitor) =>
        (await visitor.ReadAsync("/account")).Split("name=\"__RequestVerificationToken\" value=\"")[1].Split('"')[0];

    private static void StaysHere(HttpResponseMessage answer, string what)
    {
        if (answer.Headers.Location is not { } to)
            return;
        var text = to.OriginalString;
        text.Should().StartWith("/", "{0}", what).And.NotStartWith("//", "{0}", what).And.NotContain("\\", "{0}", what);
        text.Any(char.IsControl).Should().BeFalse(what);
    }
}
