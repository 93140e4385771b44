using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Workers.Normalize.Agents;
using ErrorPipeline.Workers.Normalize.Fingerprints;
using ErrorPipeline.Workers.Normalize.Policies;
using ErrorPipeline.Workers.Normalize.Reading;

namespace ErrorPipeline.Workers.Normalize;

/// <summary>From the light facts of an event to what is counted. The address of the visitor ends here, but for its network where the project keeps that.</summary>
internal static class OccurrenceFacts
{
    /// <param name="first">Only the event that the body belongs to may take its time from there.</param>
    public static NormalizedOccurrence Of(Occurrence raw, ReadEvent body, int projectId, Policy policy, UserAgent? agent, bool first)
    {
        var url = policy.Scrub.Text(raw.Url is null ? body.Url : Told(CleanText.Clean(raw.Url, FieldLimits.Url)));
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
            UserKey = policy.Users.KeyOf(projectId, raw.User is null ? body.User?.Id ?? body.User?.Email ?? body.Session : Told(raw.User), raw.ClientIp, raw.UserAgent ?? body.UserAgent),
            Address = policy.Users.Kept(raw.ClientIp),
        };
    }

    private static string? Told(string text) => text.Length == 0 ? null : text;
}
