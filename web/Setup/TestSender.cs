using System.Text;

namespace ErrorPipeline.Web.Setup;

/// <summary>Sends a test event from here, for browsers without scripts and for projects that take events of their own sites alone.</summary>
internal sealed class TestSender : IDisposable
{
    private const int LongestAnswer = 500;

    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = TimeSpan.FromSeconds(5) })
    {
        Timeout = TimeSpan.FromSeconds(10),
        MaxResponseContentBufferSize = 64 << 10,
    };

    /// <summary>Null where the collector took it; otherwise what it said, or why it could not be reached.</summary>
    /// <param name="origin">What a page of the project's own would say; null where any origin is taken.</param>
    public async Task<string?> SendAsync(TestEvent test, string? origin, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, test.Url) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(test.Body)) };
        foreach (var (name, value) in test.Headers)
            (name == "Content-Type" ? (System.Net.Http.Headers.HttpHeaders)request.Content.Headers : request.Headers).TryAddWithoutValidation(name, value);
        if (origin is not null)
            request.Headers.TryAddWithoutValidation("Origin", origin);
        try
        {
            using var answer = await _http.SendAsync(request, cancel);
            if (answer.IsSuccessStatusCode)
                return null;
            var text = await answer.Content.ReadAsStringAsync(cancel);
            return $"The collector answered {(int)answer.StatusCode}: {(text.Length > LongestAnswer ? text[..LongestAnswer] : text)}";
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException && !cancel.IsCancellationRequested)
        {
            return $"This server could not reach the collector at {new Uri(test.Url).GetLeftPart(UriPartial.Authority)}. Browsers may: the button works with scripts too, and then sends from yours.";
        }
    }

    public void Dispose() => _http.Dispose();
}
