using System.Net.Sockets;
using System.Text;

namespace ErrorPipeline.Rigs;

/// <summary>A visitor's browser, as far as the collector sees it: sends a batch again, with the same ids, until it was answered 202.</summary>
public sealed class EventSender(string collectorUrl, string key) : IDisposable
{
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(15) };
    private readonly Uri _address = new($"{collectorUrl}/api/{key}/events");

    /// <summary>Requests that were not answered at all, or by a 5xx.</summary>
    public int Unanswered { get; private set; }

    /// <summary>How long a refused or unanswered request waits before it is sent again.</summary>
    public TimeSpan Retry { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The status of the answer.</summary>
    public async Task<int> PostAsync(string body, CancellationToken cancel = default)
    {
        using var content = new StringContent(body, Encoding.UTF8, "text/plain");
        using var answer = await _http.PostAsync(_address, content, cancel);
        return (int)answer.StatusCode;
    }

    /// <exception cref="InvalidOperationException">The collector refused the body for good.</exception>
    public async Task PostUntilAcceptedAsync(string body, CancellationToken cancel)
    {
        while (true)
        {
            int status;
            try
            {
                status = await PostAsync(body, cancel);
            }
            catch (Exception e) when (!cancel.IsCancellationRequested && e is HttpRequestException or IOException or SocketException or OperationCanceledException)
            {
                cancel.ThrowIfCancellationRequested();
                status = 0;
            }

            if (status == 202)
                return;
            if (status is >= 400 and < 500 and not 429)
                throw new InvalidOperationException($"the collector answered {status}");
            Unanswered++;
            await Task.Delay(Retry, cancel);
        }
    }

    public void Dispose() => _http.Dispose();
}
