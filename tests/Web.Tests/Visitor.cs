using System.Net;
using System.Text.RegularExpressions;

namespace ErrorPipeline.Web.Tests;

/// <summary>A browser without scripts: keeps cookies, fills the forms it is shown, follows nothing by itself.</summary>
internal sealed partial class Visitor(Uri site) : IDisposable
{
    private readonly CookieContainer _cookies = new();
    private HttpClient? _client;

    public CookieCollection Cookies => _cookies.GetCookies(site);

    public HttpClient Client => _client ??= new(new HttpClientHandler { CookieContainer = _cookies, AllowAutoRedirect = false }) { BaseAddress = site };

    public Task<HttpResponseMessage> GetAsync(string path) => Client.GetAsync(new Uri(path, UriKind.Relative));

    public async Task<string> ReadAsync(string path)
    {
        using var answer = await GetAsync(path);
        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.Should().Be(HttpStatusCode.OK, "{0} should be there: {1}", path, text);
        return text;
    }

    /// <summary>Posts a form with the token of the page it stands on.</summary>
    public async Task<HttpResponseMessage> PostAsync(string page, string action, params (string Name, string Value)[] fields)
    {
        using var shown = await GetAsync(page);
        var token = TokenField().Match(await shown.Content.ReadAsStringAsync()).Groups["token"].Value;
        return await PostRawAsync(action, [("__RequestVerificationToken", token), .. fields]);
    }

    public async Task<HttpResponseMessage> PostRawAsync(string action, params (string Name, string Value)[] fields)
    {
        using var form = new FormUrlEncodedContent(fields.Select(f => KeyValuePair.Create(f.Name, f.Value)));
        return await Client.PostAsync(new Uri(action, UriKind.Relative), form);
    }

    public Task<HttpResponseMessage> SignInAsync(string email, string password, string? to = null) =>
        PostAsync("/sign-in", "/sign-in", [("Email", email), ("Password", password), .. to is null ? Array.Empty<(string, string)>() : [("To", to)]]);

    public void Dispose() => _client?.Dispose();

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"(?<token>[^\"]+)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex TokenField();
}
