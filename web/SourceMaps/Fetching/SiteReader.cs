using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ErrorPipeline.Shared.Storage;

namespace ErrorPipeline.Web.SourceMaps.Fetching;

/// <summary>
/// Reads a file of a site. A name is resolved once, each of its addresses judged, and the connection made to an address that was judged, so that a
/// name which changes its mind in between gains nothing; redirects are followed by hand and go through the same. No cookies, no proxy, no credentials.
/// </summary>
/// <param name="alsoAllowed">Addresses that count as public; tests run their sites on this machine.</param>
/// <param name="resolve">All addresses of a name; the system's resolver where it is null.</param>
internal sealed class SiteReader(IReadOnlyCollection<IPAddress> alsoAllowed, Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null) : IDisposable
{
    public const int LargestFile = 32 * 1024 * 1024;
    private const int MostRedirects = 3;

    /// <summary>For a file with its redirects.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(20);

    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        AutomaticDecompression = DecompressionMethods.All,
        MaxResponseHeadersLength = 32,
        ConnectTimeout = TimeSpan.FromSeconds(5),
        PooledConnectionLifetime = TimeSpan.FromSeconds(30),
        MaxConnectionsPerServer = 2,
        ConnectCallback = (context, cancel) => ConnectAsync(context.DnsEndPoint, alsoAllowed, resolve ?? Dns.GetHostAddressesAsync, cancel),
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
        DefaultRequestHeaders = { { "User-Agent", "ErrorPipeline (source maps)" } },
    };

    /// <summary>The file and the SourceMap header. Throws <see cref="ArtifactRefusedException"/> with the reason in a sentence.</summary>
    /// <param name="allowed">Whether the project lets this address be asked; asked of each redirect too.</param>
    public async Task<SiteFile> ReadAsync(Uri address, Func<Uri, bool> allowed, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Patience);
        try
        {
            for (var redirects = 0; ; redirects++)
            {
                if (!IsPlain(address) || !allowed(address))
                    throw new ArtifactRefusedException($"{address.GetLeftPart(UriPartial.Path)} is not fetched: its origin is not among those that the project allows.");
                using var answer = await _http.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, limit.Token);
                if ((int)answer.StatusCode is >= 300 and < 400 && answer.Headers.Location is { } next)
                {
                    if (redirects == MostRedirects)
                        throw new ArtifactRefusedException($"{address.GetLeftPart(UriPartial.Path)} redirects too often.");
                    address = new Uri(address, next);
                    continue;
                }

                if (answer.StatusCode != HttpStatusCode.OK)
                    throw new ArtifactRefusedException($"{address.GetLeftPart(UriPartial.Path)} was answered {(int)answer.StatusCode}.");
                var map = answer.Headers.TryGetValues("SourceMap", out var told) || answer.Headers.TryGetValues("X-SourceMap", out told) ? told.FirstOrDefault() : null;
                return new(address, await ReadAsync(answer.Content, address, limit.Token), map);
            }
        }
        catch (OperationCanceledException e) when (!cancel.IsCancellationRequested)
        {
            throw new ArtifactRefusedException($"{address.GetLeftPart(UriPartial.Path)} did not come within {Patience.TotalSeconds.ToString(CultureInfo.InvariantCulture)} seconds.", e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or InvalidDataException)
        {
            throw new ArtifactRefusedException(
                e.InnerException is ForbiddenAddressException forbidden ? forbidden.Message : $"{address.GetLeftPart(UriPartial.Path)} cannot be fetched.", e);
        }
    }

    public void Dispose() => _http.Dispose();

    /// <summary>The web's own ports alone: a port of another service could be made to do something.</summary>
    private static bool IsPlain(Uri address) => address.IsAbsoluteUri && address.Scheme is "http" or "https" && address.UserInfo.Length == 0;

    private static async Task<byte[]> ReadAsync(HttpContent content, Uri address, CancellationToken cancel)
    {
        await using var body = await content.ReadAsStreamAsync(cancel);
        using var file = new MemoryStream();
        var buffer = new byte[81_920];
        while (await body.ReadAsync(buffer, cancel) is > 0 and var read)
        {
            if (file.Length + read > LargestFile)
                throw new ArtifactRefusedException($"{address.GetLeftPart(UriPartial.Path)} is larger than {LargestFile / (1024 * 1024)} MB.");
            file.Write(buffer, 0, read);
        }

        return file.ToArray();
    }

    private static async ValueTask<Stream> ConnectAsync(DnsEndPoint to, IReadOnlyCollection<IPAddress> alsoAllowed, Func<string, CancellationToken, Task<IPAddress[]>> resolve, CancellationToken cancel)
    {
        var addresses = IPAddress.TryParse(to.Host, out var literal) ? [literal] : await resolve(to.Host, cancel);
        // One that is not public among them is reason enough not to trust the name.
        if (addresses.Length == 0 || !addresses.All(address => PublicAddress.Is(address) || alsoAllowed.Contains(address)))
            throw new ForbiddenAddressException($"{to.Host} is not fetched from: its address is not a public one.");
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, to.Port, cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

/// <param name="Address">Where it came from in the end.</param>
/// <param name="MapUrl">What the SourceMap header told.</param>
internal sealed record SiteFile(Uri Address, byte[] Content, string? MapUrl);

internal sealed class ForbiddenAddressException(string message) : Exception(message);
