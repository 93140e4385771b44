using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;

namespace ErrorPipeline.Web.Tests;

/// <summary>Tokens of builds: made on the page, each good for the uploads of its own project and nothing else.</summary>
public sealed partial class UploadTokenTests
{
    private const string Map = """{"version":3,"sources":["a.ts"],"names":[],"mappings":"AAAA"}""";

    [Test]
    public async Task Token_UploadsToItsProjectAlone_UntilItIsRevoked()
    {
        var (mine, other) = (await Shared.ProjectAsync(), await Shared.ProjectAsync());
        var token = await MakeAsync(mine);

        (await SendAsync(HttpMethod.Put, $"/api/v1/projects/{mine}/artifacts?release=1&url=~/a.js.map", token, Map)).Status.Should().Be(HttpStatusCode.OK);
        (await SendAsync(HttpMethod.Put, $"/api/v1/projects/{other}/artifacts?release=1&url=~/a.js.map", token, Map)).Status.Should().Be(HttpStatusCode.NotFound);
        (await SendAsync(HttpMethod.Get, $"/api/v1/projects/{other}/artifacts", token)).Status.Should().Be(HttpStatusCode.NotFound);
        (await SendAsync(HttpMethod.Get, "/api/v1/issues", token)).Status.Should().Be(HttpStatusCode.Unauthorized);
        (await SendAsync(HttpMethod.Get, "/api/0/organizations/any/projects/", token)).Text.Should().Contain($"\"id\":\"{mine}\"").And.NotContain($"\"id\":\"{other}\"");
        (await SendAsync(HttpMethod.Post, $"/api/0/projects/any/{other}/releases/", token, """{"version":"1"}""")).Status.Should().Be(HttpStatusCode.BadRequest);

        var page = $"/projects/{mine}/source-maps";
        (await Shared.Ann.ReadAsync(page)).Should().Contain("nightly").And.Contain(token[..16]).And.NotContain(token, "it is shown once");
        using var revoked = await Shared.Ann.PostAsync(page, page + "/tokens/revoke", ("token", token.Split('_')[1]));
        revoked.StatusCode.Should().Be(HttpStatusCode.Redirect);
        (await SendAsync(HttpMethod.Put, $"/api/v1/projects/{mine}/artifacts?release=1&url=~/a.js.map", token, Map)).Status.Should().Be(HttpStatusCode.Unauthorized);
    }

    [Test]
    public async Task Token_WithAnotherSecret_OpensNothing()
    {
        var project = await Shared.ProjectAsync();
        var token = await MakeAsync(project);
        var forged = token[..^1] + (token[^1] == 'a' ? 'b' : 'a');
        (await SendAsync(HttpMethod.Get, $"/api/v1/projects/{project}/artifacts", forged)).Status.Should().Be(HttpStatusCode.Unauthorized);
        var (status, text) = await SendAsync(HttpMethod.Get, "/api/0/organizations/any/chunk-upload/", forged);
        status.Should().Be(HttpStatusCode.Unauthorized);
        text.Should().StartWith("{\"detail\":\"This upload token is not known here");
    }

    [Test]
    public async Task Store_HasNoToken()
    {
        var project = await Shared.ProjectAsync();
        var token = await MakeAsync(project);
        var kept = (await Shared.Rig.Config.ListUploadTokensAsync(project, default)).Single();
        Encoding.UTF8.GetString(kept.Hash).Should().NotContain(token);
        kept.Hash.Should().HaveCount(32);
        $"{kept.Id}{kept.Name}".Should().NotContain(token.Split('_')[2]);
    }

    [TestCase("GET")]
    [TestCase("POST")]
    public async Task UploadEndpoint_WithoutAToken_IsClosed(string method)
    {
        (await SendAsync(new(method), "/api/0/organizations/any/chunk-upload/", null)).Status.Should().Be(HttpStatusCode.Unauthorized);
        (await SendAsync(new(method), "/api/0/organizations/any/chunk-upload/", DashboardRig.Token)).Status.Should().Be(HttpStatusCode.Unauthorized, "that token reads the API");
    }

    [Test]
    public async Task Address_ThatGuesses_IsSentAway()
    {
        await using var rig = await DashboardRig.StartAsync();
        using var client = new HttpClient { BaseAddress = rig.Url };
        var answers = new List<HttpStatusCode>();
        for (var i = 0; i < 101; i++)
        {
            using var request = Request(HttpMethod.Get, "/api/0/organizations/any/chunk-upload/", $"wrong{i}");
            using var answer = await client.SendAsync(request);
            answers.Add(answer.StatusCode);
            if (answer.StatusCode == HttpStatusCode.TooManyRequests)
                answer.Headers.RetryAfter!.Delta.Should().BePositive();
        }

        answers.Take(100).Should().AllBeEquivalentTo(HttpStatusCode.Unauthorized);
        answers[100].Should().Be(HttpStatusCode.TooManyRequests);
    }

    private static async Task<string> MakeAsync(int project)
    {
        var page = $"/projects/{project}/source-maps";
        using var made = await Shared.Ann.PostAsync(page, page + "/tokens", ("name", "nightly"));
        made.StatusCode.Should().Be(HttpStatusCode.OK);
        return Token().Match(await made.Content.ReadAsStringAsync()).Value;
    }

    private static async Task<(HttpStatusCode Status, string Text)> SendAsync(HttpMethod method, string path, string? token, string? content = null)
    {
        using var visitor = Shared.Rig.Visit();
        using var request = Request(method, path, token);
        request.Content = content is null ? null : new StringContent(content);
        using var answer = await visitor.Client.SendAsync(request);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    private static HttpRequestMessage Request(HttpMethod method, string path, string? token) => new(method, new Uri(path, UriKind.Relative))
    {
        Headers = { Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token) },
    };

    [GeneratedRegex("epu_[A-Za-z0-9]{12}_[A-Za-z0-9]{40}", RegexOptions.None, 1000)]
    private static partial Regex Token();
}
