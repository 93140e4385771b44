using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using ErrorPipeline.Web.SourceMaps;

namespace ErrorPipeline.Web.Tests;

public partial class ArtifactTests
{
    private const string Map = """{"version":3,"sources":["a.ts"],"mappings":"AAAA"}""";

    [Test]
    public async Task Upload_ByToken_IsListedShownAndDeleted()
    {
        var project = await Shared.ProjectAsync();
        (await Shared.Ann.ReadAsync($"/projects/{project}/source-maps")).Should().Contain("Read your own code in stacks").And.Contain($"/api/v1/projects/{project}/artifacts?release=");
        var (status, text) = await UploadAsync(project, "?release=1.0&url=~/static/app.js.map", Map);
        status.Should().Be(HttpStatusCode.OK, text);

        (await Shared.Ann.ReadAsync($"/projects/{project}/source-maps")).Should().Contain($"/projects/{project}/source-maps?release=1.0").And.NotContain("Read your own code in stacks");
        (await Shared.Ann.ReadAsync($"/projects/{project}/source-maps?release=1.0")).Should().Contain("~/static/app.js.map");
        var (_, list) = await SendAsync(HttpMethod.Get, $"/api/v1/projects/{project}/artifacts", DashboardRig.UploadToken);
        var id = Id().Match(list).Groups["id"].Value;
        var (deleted, _) = await SendAsync(HttpMethod.Delete, $"/api/v1/projects/{project}/artifacts/{id}", DashboardRig.UploadToken);
        deleted.Should().Be(HttpStatusCode.OK);
        (await SendAsync(HttpMethod.Delete, $"/api/v1/projects/{project}/artifacts/{id}", DashboardRig.UploadToken)).Status.Should().Be(HttpStatusCode.NotFound);
    }

    [Test]
    public async Task Delete_OnThePage_Works()
    {
        var project = await Shared.ProjectAsync();
        var (_, text) = await UploadAsync(project, "?release=1.0&url=~/a.js.map", Map);
        var page = $"/projects/{project}/source-maps";
        using var answer = await Shared.Ann.PostAsync(page, $"{page}/{Id().Match(text).Groups["id"].Value}/delete");
        answer.StatusCode.Should().Be(HttpStatusCode.Redirect);
        (await Shared.Ann.ReadAsync(page)).Should().NotContain("~/a.js.map");
    }

    [TestCase("?release=1.0&url=~/a.js.map", "{\"version\":2}", "bad_source_map")]
    [TestCase("?release=1.0&url=~/a.js.map", "not json", "bad_source_map")]
    [TestCase("?release=1.0&url=~/a.js.map", "", "The file is empty")]
    [TestCase("?url=~/a.js.map", Map, "has no debug id")]
    [TestCase("?release=1.0", Map, "Name the file")]
    [TestCase("?release=1.0&url=~/a.js", Map, "This is a source map")]
    [TestCase("?release=1.0&url=~/a.js", "f()\n//# sourceMappingURL=data:application/json;base64,e30=", "bad_source_map")]
    public async Task Upload_OfNoUse_IsRefusedInWords(string query, string content, string reason)
    {
        var project = await Shared.ProjectAsync();
        var (status, text) = await UploadAsync(project, query, content);

        status.Should().Be(HttpStatusCode.UnprocessableEntity);
        text.Should().StartWith("{\"status\":\"fail\"").And.Contain(reason);
        (await SendAsync(HttpMethod.Get, $"/api/v1/projects/{project}/artifacts", DashboardRig.UploadToken)).Text.Should().Contain("\"data\":[]");
    }

    [Test]
    public async Task Upload_OfAFileThatHoldsItsMap_KeepsTheMapBesideIt()
    {
        var project = await Shared.ProjectAsync();
        var inline = "f()\n//# sourceMappingURL=data:application/json;base64," + Convert.ToBase64String(Encoding.UTF8.GetBytes(Map));
        (await UploadAsync(project, "?release=1.0&url=~/a.js", inline)).Status.Should().Be(HttpStatusCode.OK);
        var (_, list) = await SendAsync(HttpMethod.Get, $"/api/v1/projects/{project}/artifacts", DashboardRig.UploadToken);
        list.Should().Contain("~/a.js.map").And.Contain("\"kind\":\"map\"").And.Contain("\"kind\":\"minified\"");
    }

    [Test]
    public async Task Upload_ThatIsTooLarge_IsRefusedUnread()
    {
        var project = await Shared.ProjectAsync();
        using var request = Request(HttpMethod.Put, $"/api/v1/projects/{project}/artifacts?release=1.0&url=~/a.js.map", DashboardRig.UploadToken);
        request.Content = new ByteArrayContent(new byte[UploadReader.LargestFile + 1]);
        request.Headers.ExpectContinue = true;
        using var visitor = Shared.Rig.Visit();
        using var answer = await visitor.Client.SendAsync(request);
        answer.StatusCode.Should().Be(HttpStatusCode.RequestEntityTooLarge);
        (await answer.Content.ReadAsStringAsync()).Should().Contain("too_large");
    }

    [Test]
    public async Task Upload_LargerThanAnyForm_IsTaken()
    {
        var project = await Shared.ProjectAsync();
        var text = "{\"version\":3,\"sources\":[\"a.ts\"],\"sourcesContent\":[\"" + new string('a', 1_000_000) + "\"],\"mappings\":\"AAAA\"}";
        (await UploadAsync(project, "?release=1.0&url=~/a.js.map", text)).Status.Should().Be(HttpStatusCode.OK);
    }

    [Test]
    public async Task Tokens_EachOpenTheirOwnAndNoMore()
    {
        var project = await Shared.ProjectAsync();
        (await UploadAsync(project, "?release=1.0&url=~/a.js.map", Map, DashboardRig.Token)).Status.Should().Be(HttpStatusCode.Forbidden, "that token only reads");
        (await UploadAsync(project, "?release=1.0&url=~/a.js.map", Map, "wrong")).Status.Should().Be(HttpStatusCode.Unauthorized);
        (await SendAsync(HttpMethod.Get, "/api/v1/issues", DashboardRig.UploadToken)).Status.Should().Be(HttpStatusCode.Unauthorized);
        (await SendAsync(HttpMethod.Post, "/projects", DashboardRig.UploadToken)).Status.Should().Be(HttpStatusCode.Redirect);
        (await SendAsync(HttpMethod.Get, $"/api/v1/projects/{project}/artifacts", DashboardRig.Token)).Status.Should().Be(HttpStatusCode.OK);
        (await UploadAsync(999_999, "?release=1.0&url=~/a.js.map", Map)).Status.Should().Be(HttpStatusCode.NotFound);
    }

    [Test]
    public async Task Upload_BySessionWithoutAFormsToken_IsRefused()
    {
        var project = await Shared.ProjectAsync();
        using var content = new StringContent(Map);
        using var answer = await Shared.Ann.Client.PutAsync(new Uri($"/api/v1/projects/{project}/artifacts?release=1.0&url=~/a.js.map", UriKind.Relative), content);
        answer.StatusCode.Should().Be(HttpStatusCode.BadRequest);
    }

    private static Task<(HttpStatusCode Status, string Text)> UploadAsync(int project, string query, string content, string token = DashboardRig.UploadToken) =>
        SendAsync(HttpMethod.Put, $"/api/v1/projects/{project}/artifacts{query}", token, content);

    private static async Task<(HttpStatusCode Status, string Text)> SendAsync(HttpMethod method, string path, string token, string? content = null)
    {
        using var visitor = Shared.Rig.Visit();
        using var request = Request(method, path, token);
        request.Content = content is null ? null : new ByteArrayContent(Encoding.UTF8.GetBytes(content));
        using var answer = await visitor.Client.SendAsync(request);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    private static HttpRequestMessage Request(HttpMethod method, string path, string token) =>
        new(method, new Uri(path, UriKind.Relative)) { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) } };

    [GeneratedRegex("\"id\":(?<id>[0-9]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Id();
}
