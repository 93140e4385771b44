using System.Net;
using System.Text.RegularExpressions;
using ErrorPipeline.Rigs;

namespace ErrorPipeline.EndToEnd;

/// <summary>A person's browser on the dashboard, without scripts.</summary>
internal sealed partial class Dashboard(string url, CookieContainer? cookies = null) : IDisposable
{
    private readonly HttpClient _http = new(new HttpClientHandler { CookieContainer = cookies ?? new(), AllowAutoRedirect = false }) { BaseAddress = new(url) };

    public Task SignInAsync() => PostAsync("/sign-in", ("Email", Installation.FirstUser), ("Password", Installation.FirstPassword));

    /// <summary>What a page says; its status is told where that is not 200.</summary>
    public async Task<string> ReadAsync(string page)
    {
        using var answer = await _http.GetAsync(new Uri(page, UriKind.Relative));
        var text = await answer.Content.ReadAsStringAsync();
        return answer.StatusCode == HttpStatusCode.OK ? text : $"{(int)answer.StatusCode} {answer.Headers.Location} {text}";
    }

    /// <summary>Posts the form of a page to the page's own address.</summary>
    public Task PostAsync(string page, params (string Name, string Value)[] fields) => PostAsync(page, page, fields);

    /// <summary>Posts a form of a page.</summary>
    public async Task PostAsync(string page, string action, params (string Name, string Value)[] fields)
    {
        var shown = await _http.GetStringAsync(new Uri(page, UriKind.Relative));
        var token = TokenField().Match(shown).Groups["token"].Value;
        using var form = new FormUrlEncodedContent([KeyValuePair.Create("__RequestVerificationToken", token), .. fields.Select(f => KeyValuePair.Create(f.Name, f.Value))]);
        using var answer = await _http.PostAsync(new Uri(action, UriKind.Relative), form);
        answer.StatusCode.Should().Be(HttpStatusCode.Redirect, "{0}", await answer.Content.ReadAsStringAsync());
    }

    public void Dispose() => _http.Dispose();

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"(?<token>[^\"]+)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex TokenField();
}
