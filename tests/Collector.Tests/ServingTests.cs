using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ErrorPipeline.Collector.Agent;
using ErrorPipeline.Rigs;

namespace ErrorPipeline.Collector.Tests;

public sealed class ServingTests
{
    private TempFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [TestCase("br, gzip", "br")]
    [TestCase("gzip, deflate", "gzip")]
    [TestCase("br;q=0, gzip;q=0.5", "gzip")]
    [TestCase("identity", "")]
    public async Task Agent_Requested_ComesInTheBestCodingTheClientTakes(string accepts, string coding)
    {
        await using var collector = await RunningCollector.StartAsync(_folder.Path);
        using var answer = await GetAsync(collector, "/agent.js", ("Accept-Encoding", accepts));
        answer.StatusCode.Should().Be(HttpStatusCode.OK);
        string.Join(',', answer.Content.Headers.ContentEncoding).Should().Be(coding);
        answer.Headers.CacheControl!.MaxAge.Should().Be(TimeSpan.FromMinutes(5));
        answer.Headers.GetValues("Access-Control-Allow-Origin").Should().Equal("*");
        answer.Headers.GetValues("X-Content-Type-Options").Should().Equal("nosniff");
        var bytes = await answer.Content.ReadAsByteArrayAsync();
        Unpack(bytes, coding).Should().Equal(await File.ReadAllBytesAsync(AgentPath));

        using var again = await GetAsync(collector, "/agent.js", ("Accept-Encoding", accepts), ("If-None-Match", answer.Headers.ETag!.Tag));
        again.StatusCode.Should().Be(HttpStatusCode.NotModified);
    }

    [Test]
    public async Task Agent_UnderItsHash_IsImmutable()
    {
        var name = new AgentFiles(AgentPath).HashedName;
        await using var collector = await RunningCollector.StartAsync(_folder.Path);
        using var answer = await GetAsync(collector, name);
        answer.StatusCode.Should().Be(HttpStatusCode.OK);
        answer.Headers.CacheControl!.ToString().Should().Contain("immutable").And.Contain("31536000");
    }

    [Test]
    public async Task Https_CertificateFilesReplaced_NewHandshakesSeeTheNewOne()
    {
        WriteCertificate("first");
        await using var collector = await RunningCollector.StartAsync(_folder.Path, settings:
        [
            "--Urls", "https://127.0.0.1:0", "--Collector:CertificatePath", _folder["cert.pem"], "--Collector:KeyPath", _folder["key.pem"],
        ]);
        (await SubjectAsync(collector.Url)).Should().Be("CN=first");
        WriteCertificate("second");
        await Deadline.Until(async () => await SubjectAsync(collector.Url) == "CN=second", TimeSpan.FromSeconds(20));
        await File.WriteAllTextAsync(_folder["cert.pem"], "broken");
        (await SubjectAsync(collector.Url)).Should().Be("CN=second");
    }

    [Test]
    public async Task Process_StoppedBySigterm_KeepsAndForwardsWhatItAnswered()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var connection = new Shared.Streams.RedisConnection(redis.Endpoint, "test");
        await new Shared.Streams.ConfigChannel(connection).PublishAsync(Some.Config);
        await using var collector = AppProcess.Start("collector", new Dictionary<string, string>
        {
            ["Redis"] = redis.Endpoint,
            ["Collector:LogDirectory"] = _folder.Path,
            ["Collector:EventsPerMinutePerClient"] = "0",
        });
        await collector.WaitReadyAsync();
        using var http = new HttpClient { BaseAddress = new(collector.Url) };
        var accepted = 0;
        using var stop = new CancellationTokenSource();
        var load = Parallel.ForEachAsync(Enumerable.Range(0, 100_000), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, _) =>
        {
            if (stop.IsCancellationRequested)
                return;
            try
            {
                using var answer = await http.PostAsync(RunningCollector.PathOf(Some.Key), RunningCollector.Json(Encoding.UTF8.GetString(Some.Body(i))), CancellationToken.None);
                if (answer.StatusCode == HttpStatusCode.Accepted)
                    Interlocked.Increment(ref accepted);
            }
            catch (HttpRequestException)
            {
                await stop.CancelAsync();
            }
        });
        await Deadline.Until(() => Volatile.Read(ref accepted) > 200, TimeSpan.FromSeconds(30));
        (await collector.TerminateAsync()).Should().Be(0, collector.Output);
        await stop.CancelAsync();
        await load;

        var forwarded = 0L;
        foreach (var lane in Shared.Streams.Lane.All(2))
            forwarded += (long)await connection.ExecuteAsync("HGET", (StackExchange.Redis.RedisKey)lane.Ledger, "accepted");
        forwarded.Should().BeGreaterThanOrEqualTo(accepted).And.BeLessThan(accepted + 10, "only answers that were cut off may differ");
    }

    [TestCase("Collector:MaxEvents", "0", "ERRORPIPELINE_COLLECTOR__MAXEVENTS is 0: allowed is 1 to 1000")]
    [TestCase("Collector:TrustedProxies", "10.0.0.0/99", "ERRORPIPELINE_COLLECTOR__TRUSTEDPROXIES is 10.0.0.0/99")]
    [TestCase("Collector:LogBudgetBytes", "5", "ERRORPIPELINE_COLLECTOR__LOGBUDGETBYTES is 5")]
    [TestCase("Collector:BasePath", "errors/", "ERRORPIPELINE_COLLECTOR__BASEPATH is errors/")]
    public async Task Process_BadSetting_StopsWith78AndNamesIt(string setting, string value, string message)
    {
        await using var collector = AppProcess.Start("collector", new Dictionary<string, string> { ["DataDirectory"] = _folder.Path, [setting] = value });
        (await collector.WaitExitAsync(TimeSpan.FromSeconds(30))).Should().Be(78);
        collector.Output.Should().Contain(message).And.NotContain("   at ");
    }

    private static string AgentPath => Path.Combine(AppContext.BaseDirectory, "agent", "agent.js");

    private static async Task<HttpResponseMessage> GetAsync(RunningCollector collector, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await collector.Http.SendAsync(request);
    }

    private static byte[] Unpack(byte[] bytes, string coding)
    {
        using Stream stream = coding switch
        {
            "br" => new BrotliStream(new MemoryStream(bytes), CompressionMode.Decompress),
            "gzip" => new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress),
            _ => new MemoryStream(bytes),
        };
        var unpacked = new MemoryStream();
        stream.CopyTo(unpacked);
        return unpacked.ToArray();
    }

    private void WriteCertificate(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        File.WriteAllText(_folder["key.pem"], key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(_folder["cert.pem"], certificate.ExportCertificatePem());
    }

    /// <summary>Of the certificate that a new connection is shown, over HTTP/2.</summary>
    private static async Task<string> SubjectAsync(Uri url)
    {
        var subject = "";
#pragma warning disable MA0039 // A certificate made by this test has no one to vouch for it.
        using var handler = new HttpClientHandler
        {
            ServerCertificateCustomValidationCallback = (_, certificate, _, _) => (subject = certificate!.Subject).Length > 0,
        };
#pragma warning restore MA0039
        using var http = new HttpClient(handler);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(url, $"/api/{Some.Key}/events"))
        {
            Content = RunningCollector.Json("{}"),
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        using var answer = await http.SendAsync(request);
        answer.StatusCode.Should().Be(HttpStatusCode.Accepted);
        return subject;
    }
}
