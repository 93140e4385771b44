using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Web.Receipts;

namespace ErrorPipeline.Web.Api;

/// <param name="Email">Null for the token of the settings, which is nobody's.</param>
internal sealed record ApiAccount(string? Email, string Scope);

/// <param name="CreatedAt">ms since 1970 UTC.</param>
internal sealed record ApiUser(long Id, string Email, long CreatedAt);

/// <param name="Next">For the next page; null on the last one.</param>
internal sealed record ApiIssues(IReadOnlyList<ApiIssue> Issues, string? Next);

/// <summary>An issue with its state in words.</summary>
internal sealed record ApiIssue(
    long Id, int ProjectId, string Title, string Culprit, string Level, string Class, string State, long Count, long Users, long FirstSeen, long LastSeen,
    IReadOnlyList<long> Trend, string? RegressedIn)
{
    public static ApiIssue Of(IssueRow row) => new(
        row.Id, row.ProjectId, row.Title, row.Culprit, row.Level, row.Class, row.State.ToString().ToLowerInvariant(), row.Count, row.Users,
        row.FirstSeen, row.LastSeen, row.Trend, row.RegressedIn);
}

internal sealed record ApiIssueDetail(
    ApiIssue Issue, IReadOnlyList<Grouping> Fingerprints, string? LatestEventId, IReadOnlyList<IssueHistoryEntry> History, IssueResolution? Resolution,
    IReadOnlyList<Facet> Facets, IReadOnlyList<SampleRef> Samples, IReadOnlyList<EventFeedback> Feedback);

/// <summary>An event with what its visitor said of it.</summary>
internal sealed record ApiEvent(string EventId, NormalizedOccurrence Occurrence, ErrorDetail Error, EventContext Context, string NoveltyKey, IReadOnlyList<EventFeedback> Feedback)
{
    public ApiEvent(EventSample sample, IReadOnlyList<EventFeedback> feedback)
        : this(sample.EventId, sample.Occurrence, sample.Error, sample.Context, sample.NoveltyKey, feedback)
    {
    }
}

/// <summary>What was asked for is on its way to the writer, and will happen.</summary>
/// <param name="Applied">It has happened already.</param>
internal sealed record ApiAccepted(bool Applied);

internal sealed record ApiVersion(string Version);

/// <param name="Date">"2026-11-22T08:00:00Z".</param>
/// <param name="Order">The higher the newer, where versions do not tell.</param>
/// <param name="Commits">The newest first.</param>
internal sealed record ApiRelease(string Version, string? Date = null, long? Order = null, IReadOnlyList<ApiCommit>? Commits = null);

/// <param name="Id">Its hash.</param>
/// <param name="Timestamp">ISO 8601.</param>
/// <param name="Files">Paths within the repository that it touched.</param>
internal sealed record ApiCommit(string Id, string? Author = null, string? Message = null, string? Timestamp = null, IReadOnlyList<string>? Files = null);

internal sealed record ApiDeleted(long Id);

/// <param name="Fingerprints">"version:fingerprint" each.</param>
internal sealed record ApiSplit(IReadOnlyList<string> Fingerprints);

/// <param name="State">stored, in_flight, dead, filtered, duplicate or unknown.</param>
/// <param name="Says">The same as a sentence.</param>
internal sealed record ApiReceipt(
    int Project, string EventId, string State, string Says, string? Outcome, long? Issue, string? IssuePath, bool HasSample, IReadOnlyList<Receipt> Fates,
    IReadOnlyList<LaneSighting> Seen, bool IsWhole, long Unforwarded, ReceiptWindow Window);
