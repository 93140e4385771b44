using ErrorPipeline.Collector.Spool;
using ErrorPipeline.Shared.Contracts;

namespace ErrorPipeline.Collector.Tests;

internal static class Some
{
    public const string Key = "0123456789abcdef0123456789abcdef";

    /// <summary>Restricted to https://shop.example and subdomains of example.org.</summary>
    public const string RestrictedKey = "fedcba9876543210fedcba9876543210";

    /// <summary>Three events a minute.</summary>
    public const string SlowKey = "00000000000000000000000000000003";

    public static readonly ConfigSnapshot Config = new()
    {
        Revision = 7,
        Projects =
        [
            new() { Id = 1, Name = "open", Keys = [Key] },
            new() { Id = 2, Name = "restricted", Keys = [RestrictedKey], AllowedOrigins = ["https://shop.example", "https://*.example.org"] },
            new() { Id = 3, Name = "slow", Keys = [SlowKey], EventsPerMinute = 3 },
        ],
    };

    public static string Id(int number) => $"{number:x32}";

    public static RawError Error(int number, int bodyBytes = 40) => new()
    {
        ProjectId = 1,
        EventId = Id(number),
        ReceivedAt = 1_700_000_000_000 + number,
        Protocol = "native",
        UserAgent = "test",
        ClientIp = "192.0.2.1",
        Body = Body(number, bodyBytes),
    };

    public static NewRecord Record(int number, int lane = 0, int bodyBytes = 40) => new(Error(number, bodyBytes), lane, false);

    /// <summary>A native event of about the given size.</summary>
    public static byte[] Body(int number, int bytes = 0) =>
        System.Text.Encoding.UTF8.GetBytes($$"""{"id":"{{Id(number)}}","message":"m{{number}}{{new string('x', Math.Max(0, bytes - 60))}}"}""");
}
