using System.Net;

namespace ErrorPipeline.Collector.Tests;

/// <summary>Whose pages may send, and what they may read of the answer.</summary>
public sealed class OriginTests
{
    private RunningCollector _collector = null!;

    [OneTimeSetUp]
    public async Task Start() => _collector = await RunningCollector.StartAsync();

    [OneTimeTearDown]
    public async Task Stop() => await _collector.DisposeAsync();

    [Test]
    public async Task Post_UnknownKey_SaysSoAlsoToAPage()
    {
        using var answer = await PostFromAsync("https://anywhere.example", "ffffffffffffffffffffffffffffffff");
        answer.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        Header(answer, "Access-Control-Allow-Origin").Should().Be("https://anywhere.example");
    }

    [TestCase("https://shop.example", true)]
    [TestCase("https://SHOP.example", true)]
    [TestCase("https://a.example.org", true)]
    [TestCase("https://a.b.example.org", true)]
    [TestCase("https://example.org", false)]
    [TestCase("https://evilexample.org", false)]
    [TestCase("http://shop.example", false)]
    [TestCase("https://shop.example.evil.com", false)]
    [TestCase("https://evil.com/.example.org", false)]
    [TestCase("https://evil.com:1@x.example.org", false)]
    [TestCase("null", false)]
    [TestCase(null, true)]
    public async Task Post_Origin_MustBeAllowed(string? origin, bool allowed)
    {
        using var answer = await PostFromAsync(origin, Some.RestrictedKey);
        answer.StatusCode.Should().Be(allowed ? HttpStatusCode.Accepted : HttpStatusCode.Forbidden);
        Header(answer, "Access-Control-Allow-Origin").Should().Be(allowed ? origin : null);
        Header(answer, "Vary").Should().Be("Origin");
    }

    [Test]
    public async Task Post_BadBodyFromAllowedOrigin_CanBeReadByThePage()
    {
        using var answer = await PostFromAsync("https://shop.example", Some.RestrictedKey, "{");
        answer.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        Header(answer, "Access-Control-Allow-Origin").Should().Be("https://shop.example");
    }

    [Test]
    public async Task Options_AllowedOrigin_AllowsWhatIsAskedFor()
    {
        using var answer = await PreflightAsync("https://shop.example");
        answer.StatusCode.Should().Be(HttpStatusCode.NoContent);
        Header(answer, "Access-Control-Allow-Origin").Should().Be("https://shop.example");
        Header(answer, "Access-Control-Allow-Headers").Should().Be("content-encoding,content-type");
        Header(answer, "Access-Control-Allow-Methods").Should().Be("POST, OPTIONS");
        Header(answer, "Access-Control-Max-Age").Should().NotBeNull();
    }

    [Test]
    public async Task Options_OtherOrigin_IsForbidden()
    {
        using var answer = await PreflightAsync("https://evil.example");
        answer.StatusCode.Should().Be(HttpStatusCode.Forbidden);
        Header(answer, "Access-Control-Allow-Origin").Should().BeNull();
    }

    private async Task<HttpResponseMessage> PostFromAsync(string? origin, string key, string body = "{}")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, RunningCollector.PathOf(key)) { Content = RunningCollector.Json(body) };
        if (origin is not null)
            request.Headers.TryAddWithoutValidation("Origin", origin);
        return await _collector.Http.SendAsync(request);
    }

    private async Task<HttpResponseMessage> PreflightAsync(string origin)
    {
        using var request = new HttpRequestMessage(HttpMethod.Options, RunningCollector.PathOf(Some.RestrictedKey));
        request.Headers.Add("Origin", origin);
        request.Headers.Add("Access-Control-Request-Method", "POST");
        request.Headers.Add("Access-Control-Request-Headers", "content-encoding,content-type");
        return await _collector.Http.SendAsync(request);
    }

    private static string? Header(HttpResponseMessage answer, string name) =>
        answer.Headers.TryGetValues(name, out var values) ? string.Join(',', values) : null;
}
