using System.Security.Cryptography;
using System.Text;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Workers.Normalize.Agents;
using ErrorPipeline.Workers.Normalize.Fingerprints;
using ErrorPipeline.Workers.Normalize.Reading;
using ErrorPipeline.Workers.Normalize.Scrubbing;

namespace ErrorPipeline.Workers.Normalize;

/// <summary>From the light facts of an event to what is counted. The address of the visitor ends here.</summary>
internal static class OccurrenceFacts
{
    /// <param name="first">Only the event that the body belongs to may take its time from there.</param>
    public static NormalizedOccurrence Of(Occurrence raw, ReadEvent body, int projectId, UserAgent? agent, bool first)
    {
        var url = Scrub.Text(raw.Url is null ? body.Url : Told(CleanText.Clean(raw.Url, FieldLimits.Url)));
        return new()
        {
            EventId = raw.EventId,
            At = EventTime.Correct(raw.Timestamp ?? (first ? body.Timestamp ?? (raw.ReceivedAt - body.Age) : null), raw.SentAt, raw.ReceivedAt),
            ReceivedAt = raw.ReceivedAt,
            Browser = agent?.BrowserLabel,
            Os = agent?.SystemLabel,
            Device = agent?.Device,
            Url = url,
            Page = Site.PageOf(url),
            UserKey = UserKey(projectId, raw.User is null ? body.User?.Id ?? body.User?.Email ?? body.Session : Told(raw.User), raw.ClientIp, raw.UserAgent ?? body.UserAgent),
        };
    }

    private static string? Told(string text) => text.Length == 0 ? null : text;

    /// <summary>A hash, so that neither the user nor the address can be read from it; per project, so that projects cannot be joined by it.</summary>
    private static string? UserKey(int projectId, string? user, string? address, string? agent)
    {
        if (user is null && address is null)
            return null;
        var identity = user is not null ? $"{projectId}\0user\0{user}" : $"{projectId}\0address\0{address}\0{agent}";
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(identity)).AsSpan(0, 12));
    }
}
