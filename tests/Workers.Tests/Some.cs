using System.Globalization;
using System.Text;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Workers.Normalize;

namespace ErrorPipeline.Workers.Tests;

/// <summary>Messages with what a test does not care about filled in.</summary>
internal static class Some
{
    public const long Time = 1_780_000_000_000;

    public static string EventId(int n) => n.ToString("x32", CultureInfo.InvariantCulture);

    public static RawError Raw(int n, string body, int project = 1, string protocol = "native", long receivedAt = Time) => new()
    {
        ProjectId = project,
        EventId = EventId(n),
        ReceivedAt = receivedAt,
        Protocol = protocol,
        UserAgent = "agent",
        ClientIp = "203.0.113.7",
        Body = Encoding.UTF8.GetBytes(body),
    };

    /// <summary>One event of a client, normalized on its own.</summary>
    public static NormalizedError Normalize(string protocol, string body, string? userAgent = null, long? sentAt = null, long receivedAt = Time) => new NormalizeStage().Normalize(new()
    {
        ProjectId = 1,
        Protocol = protocol,
        Body = Encoding.UTF8.GetBytes(body),
        Occurrences = [new() { EventId = EventId(1), ReceivedAt = receivedAt, UserAgent = userAgent, SentAt = sentAt }],
    }).Single();

    public static NormalizedError Normalized(string fingerprint, params NormalizedOccurrence[] occurrences) => new()
    {
        ProjectId = 1,
        Grouping = new("v1", fingerprint, [fingerprint]),
        Title = $"title of {fingerprint}",
        Culprit = "culprit",
        Error = new() { Type = "TypeError", Message = "message", Frames = [new() { Function = "f", File = "a.js", Line = 1, Column = 2 }] },
        Context = new() { Environment = "production", Release = "1.0" },
        Occurrences = occurrences,
    };

    public static NormalizedOccurrence Occurrence(int n, long at = Time, string? browser = "Chrome 156", string? page = "https://a/b", string? user = null) => new()
    {
        EventId = EventId(n),
        At = at,
        ReceivedAt = at,
        Browser = browser,
        Os = "Windows 10",
        Device = "desktop",
        Url = page,
        Page = page,
        UserKey = user ?? $"user{n}",
    };
}
