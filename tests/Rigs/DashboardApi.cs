using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace ErrorPipeline.Rigs;

/// <summary><c>/api/v1</c> of web, read with its token.</summary>
public sealed class DashboardApi : IDisposable
{
    private readonly HttpClient _http;

    public DashboardApi(string webUrl, string token)
    {
        _http = new() { BaseAddress = new($"{webUrl}/api/v1/"), Timeout = TimeSpan.FromSeconds(15) };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    /// <summary>"data" of the answer.</summary>
    public async Task<JsonElement> GetAsync(string path)
    {
        using var answer = await _http.GetAsync(new Uri(path, UriKind.Relative));
        if (!answer.IsSuccessStatusCode)
            throw new HttpRequestException($"GET {path}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("data");
    }

    /// <summary>All issues of a project, most recent first.</summary>
    public async Task<IReadOnlyList<IssueSeen>> IssuesAsync(int project)
    {
        var issues = new List<IssueSeen>();
        string? after = null;
        do
        {
            var page = await GetAsync($"issues?project={project}&limit=100{(after is null ? "" : "&after=" + Uri.EscapeDataString(after))}");
            issues.AddRange(page.GetProperty("issues").EnumerateArray().Select(i => new IssueSeen(
                i.GetProperty("id").GetInt64(), i.GetProperty("title").GetString()!, i.GetProperty("culprit").GetString()!,
                i.GetProperty("count").GetInt64(), i.GetProperty("users").GetInt64())));
            after = page.GetProperty("next").GetString();
        }
        while (after is not null);
        return issues;
    }

    public void Dispose() => _http.Dispose();
}

public sealed record IssueSeen(long Id, string Title, string Culprit, long Count, long Users);
