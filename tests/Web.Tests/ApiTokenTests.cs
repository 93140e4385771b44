using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Web.SigningIn;

namespace ErrorPipeline.Web.Tests;

/// <summary>Personal tokens: made on the account page, shown once, good for as much as their scope says.</summary>
public sealed partial class ApiTokenTests
{
    [Test]
    public async Task Token_MadeOnThePage_IsShownOnceAndActsForItsMaker()
    {
        var token = await MakeAsync(Shared.Ann, "read");

        (await Shared.Ann.ReadAsync("/account")).Should().Contain(token[..16]).And.NotContain(token);
        var (status, text) = await SendAsync(Shared.Rig, HttpMethod.Get, "/api/v1/account", token);
        status.Should().Be(HttpStatusCode.OK);
        text.Should().Contain(DashboardRig.Email).And.Contain("\"scope\":\"read\"");
        var kept = (await Shared.Rig.Config.FindApiTokenAsync(token.Split('_')[1], default))!;
        kept.LastUsedAt.Should().NotBeNull();
        kept.Hash.Should().HaveCount(32);
        (await SendAsync(Shared.Rig, HttpMethod.Get, "/api/v1/projects", token[..^1] + (token[^1] == 'a' ? 'b' : 'a'))).Status.Should().Be(HttpStatusCode.Unauthorized);
    }

    [Test]
    public async Task Token_Revoked_OpensNothing()
    {
        var token = await MakeAsync(Shared.Ann, "admin");
        (await SendAsync(Shared.Rig, HttpMethod.Get, "/api/v1/projects", token)).Status.Should().Be(HttpStatusCode.OK);

        using var revoked = await Shared.Ann.PostAsync("/account", "/account/tokens/revoke", ("token", token.Split('_')[1]));

        revoked.StatusCode.Should().Be(HttpStatusCode.Redirect);
        (await SendAsync(Shared.Rig, HttpMethod.Get, "/api/v1/projects", token)).Status.Should().Be(HttpStatusCode.Unauthorized);
    }

    [Test]
    public async Task Token_ThatHasExpired_OpensNothing()
    {
        var user = (await Shared.Rig.Config.FindUserAsync(DashboardRig.Email, default))!;
        var (id, token) = new TokenForm("epp_").Make();
        var now = TimeProvider.System.GetUtcNow();
        await Shared.Rig.Config.AddApiTokenAsync(new(id, user.Id, "old", TokenForm.Hash(token), "admin", 0, now.AddSeconds(-1).ToUnixTimeMilliseconds(), null), default);

        (await SendAsync(Shared.Rig, HttpMethod.Get, "/api/v1/projects", token)).Status.Should().Be(HttpStatusCode.Unauthorized);
        (await Shared.Ann.ReadAsync("/account")).Should().Contain("expired");
    }

    [TestCase("", "read", "30")]
    [TestCase("nightly", "god", "30")]
    [TestCase("nightly", "", "30")]
    [TestCase("nightly", "read", "0")]
    [TestCase("nightly", "read", "soon")]
    [TestCase("nightly", "read", "99999")]
    public async Task Token_AskedForInNonsense_IsRefused(string name, string scope, string days)
    {
        using var answer = await Shared.Ann.PostAsync("/account", "/account/tokens", ("Name", name), ("Scope", scope), ("Days", days));

        answer.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync()).Should().Contain("role=\"alert\"").And.NotMatchRegex("epp_[A-Za-z0-9]{12}_[A-Za-z0-9]{40}");
    }

    [Test]
    public async Task Scope_BelowWhatAnEndpointAsks_IsRefusedInWords()
    {
        var token = await MakeAsync(Shared.Ann, "read");

        var (status, text) = await SendAsync(Shared.Rig, HttpMethod.Post, "/api/v1/projects", token, """{"name":"x"}""");

        status.Should().Be(HttpStatusCode.Forbidden);
        using var answer = JsonDocument.Parse(text);
        answer.RootElement.GetProperty("data").GetProperty("reason").GetString().Should().Be("forbidden");
        answer.RootElement.GetProperty("data").GetProperty("message").GetString().Should().Contain("'admin'").And.Contain("'read'");
    }

    [Test]
    public async Task Caller_PastItsLimit_WaitsAndOthersDoNot()
    {
        await using var rig = await DashboardRig.StartAsync("--Web:ApiRequestsPerMinute", "10");
        using var ann = await rig.VisitSignedInAsync();
        var (mine, other) = (await MakeAsync(ann, "read"), await MakeAsync(ann, "read"));
        for (var left = 9; left >= 0; left--)
        {
            using var answer = await AskAsync(rig, HttpMethod.Get, "/api/v1/projects", mine);
            answer.StatusCode.Should().Be(HttpStatusCode.OK);
            answer.Headers.GetValues("RateLimit-Limit").Single().Should().Be("10");
            answer.Headers.GetValues("RateLimit-Remaining").Single().Should().Be(left.ToString(CultureInfo.InvariantCulture));
        }

        using var refused = await AskAsync(rig, HttpMethod.Get, "/api/v1/projects", mine);
        refused.StatusCode.Should().Be(HttpStatusCode.TooManyRequests);
        refused.Headers.RetryAfter!.Delta.Should().BePositive().And.BeLessThanOrEqualTo(TimeSpan.FromMinutes(1));
        (await refused.Content.ReadAsStringAsync()).Should().StartWith("{\"status\":\"fail\",\"data\":{\"reason\":\"rate_limited\"");
        (await SendAsync(rig, HttpMethod.Get, "/api/v1/projects", other)).Status.Should().Be(HttpStatusCode.OK);
    }

    [Test]
    public async Task Reading_ThatHasNotChanged_Is304()
    {
        var project = await Shared.ProjectAsync();
        var path = $"/api/v1/projects/{project}";
        using var first = await AskAsync(Shared.Rig, HttpMethod.Get, path, DashboardRig.Token);
        var tag = first.Headers.ETag!;

        using var again = await AskAsync(Shared.Rig, HttpMethod.Get, path, DashboardRig.Token, tag);
        await Shared.Rig.Config.UpdateProjectAsync(project, "Another name", [], null, default);
        using var changed = await AskAsync(Shared.Rig, HttpMethod.Get, path, DashboardRig.Token, tag);

        again.StatusCode.Should().Be(HttpStatusCode.NotModified);
        (await again.Content.ReadAsByteArrayAsync()).Should().BeEmpty();
        again.Headers.ETag.Should().Be(tag);
        changed.StatusCode.Should().Be(HttpStatusCode.OK);
        changed.Headers.ETag.Should().NotBe(tag);
        (await changed.Content.ReadAsStringAsync()).Should().Contain("Another name");
        first.Headers.CacheControl!.Private.Should().BeTrue();
    }

    [TestCase("POST", "/api/v1/projects", "{", HttpStatusCode.BadRequest)]
    [TestCase("POST", "/api/v1/projects", "{\"name\":\" \"}", HttpStatusCode.UnprocessableEntity)]
    [TestCase("POST", "/api/v1/projects", "{\"name\":\"x\",\"allowedOrigins\":[\"nonsense\"]}", HttpStatusCode.UnprocessableEntity)]
    [TestCase("PUT", "/api/v1/projects/999999", "{\"name\":\"x\"}", HttpStatusCode.NotFound)]
    [TestCase("POST", "/api/v1/projects/999999/issues/1/resolve", null, HttpStatusCode.NotFound)]
    [TestCase("POST", "/api/v1/dead-letters/0/nonsense/drop", null, HttpStatusCode.NotFound)]
    [TestCase("POST", "/api/v1/dead-letters/99/1-1/drop", null, HttpStatusCode.NotFound)]
    [TestCase("GET", "/api/v1/issues?after=nonsense", null, HttpStatusCode.BadRequest)]
    [TestCase("GET", "/api/v1/issues?limit=many", null, HttpStatusCode.BadRequest)]
    [TestCase("GET", "/api/v1/issues/export?format=xls", null, HttpStatusCode.BadRequest)]
    [TestCase("DELETE", "/api/v1/nothing", null, HttpStatusCode.NotFound)]
    public async Task Call_ThatCannotBeDone_IsAFailWithReasonAndWords(string method, string path, string? body, HttpStatusCode expected)
    {
        var token = await MakeAsync(Shared.Ann, "admin");
        var (status, text) = await SendAsync(Shared.Rig, new(method), path, token, body);
        await RevokeAllAsync();

        status.Should().Be(expected, text);
        using var answer = JsonDocument.Parse(text);
        answer.RootElement.GetProperty("status").GetString().Should().Be("fail");
        answer.RootElement.GetProperty("data").GetProperty("reason").GetString().Should().NotBeEmpty();
        answer.RootElement.GetProperty("data").GetProperty("message").GetString().Should().EndWith(".");
    }

    [TearDown]
    public static async Task RevokeAllAsync()
    {
        var user = (await Shared.Rig.Config.FindUserAsync(DashboardRig.Email, default))!;
        foreach (var token in await Shared.Rig.Config.ListApiTokensAsync(user.Id, default))
            await Shared.Rig.Config.RevokeApiTokenAsync(user.Id, token.Id, default);
    }

    /// <summary>As a person makes one.</summary>
    internal static async Task<string> MakeAsync(Visitor ann, string scope)
    {
        using var made = await ann.PostAsync("/account", "/account/tokens", ("Name", "nightly"), ("Scope", scope), ("Days", "30"));
        made.StatusCode.Should().Be(HttpStatusCode.OK);
        return Token().Match(await made.Content.ReadAsStringAsync()).Value;
    }

    internal static async Task<(HttpStatusCode Status, string Text)> SendAsync(DashboardRig rig, HttpMethod method, string path, string token, string? json = null)
    {
        using var answer = await AskAsync(rig, method, path, token, json: json);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    private static async Task<HttpResponseMessage> AskAsync(DashboardRig rig, HttpMethod method, string path, string token, EntityTagHeaderValue? had = null, string? json = null)
    {
        using var visitor = rig.Visit();
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        request.Headers.Authorization = new("Bearer", token);
        if (had is not null)
            request.Headers.IfNoneMatch.Add(had);
        request.Content = json is null ? null : new StringContent(json, Encoding.UTF8, "application/json");
        return await visitor.Client.SendAsync(request, HttpCompletionOption.ResponseContentRead);
    }

    [GeneratedRegex("epp_[A-Za-z0-9]{12}_[A-Za-z0-9]{40}", RegexOptions.None, 1000)]
    private static partial Regex Token();
}
