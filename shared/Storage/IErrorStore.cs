using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Streams;

namespace ErrorPipeline.Shared.Storage;

/// <summary>
/// The writing side of the store of issues, events and counts. One process writes: every change carries the fencing token
/// from <see cref="TakeLeadershipAsync"/>, and a change with an older token has no effect and throws <see cref="FencedException"/>.
/// Throws <see cref="StoreUnavailableException"/> for what is worth trying again; the caller then repeats the same call.
/// Text is kept without NUL and lone surrogates, and cut where it is endless; no value makes a call fail.
/// </summary>
public interface IErrorStore : IErrorReader
{
    /// <summary>Brings the schema up to date; may be stopped at any point and run again.</summary>
    Task MigrateAsync(CancellationToken cancel);

    /// <summary>Makes every earlier token void and returns the new one.</summary>
    Task<long> TakeLeadershipAsync(string owner, CancellationToken cancel);

    /// <summary>The last entry applied of a stream; <see cref="StreamId.Zero"/> where none was. Streams: a lane's name, or "commands".</summary>
    Task<StreamId> ReadCursorAsync(string stream, CancellationToken cancel);

    /// <summary>
    /// The last entry of a stream that may have been applied in part, by a writer that was stopped; the cursor where none was. Until it is ended no new
    /// entry may get an id before it (<see cref="DeltaStream.PublishFloorAsync"/>), and a later one is not applied without those before.
    /// </summary>
    Task<StreamId> ReadBegunAsync(string stream, CancellationToken cancel) => ReadCursorAsync(stream, cancel);

    /// <summary>
    /// Applies entries in order and moves the lane's cursor from <paramref name="previous"/> to the last of them, all in one step. Where a store has
    /// no such steps, some of them may be applied and the cursor be moved behind those before it throws.
    /// Counts exactly once: where the stored cursor is not <paramref name="previous"/> nothing is applied and <see cref="CursorMovedException"/> is thrown.
    /// Counts their events as <c>stored</c> in the minute of each delta's <see cref="IssueDelta.LastReceived"/>, in the same step.
    /// A delta that can never be applied is kept in <see cref="Applied.Refused"/> and stored as a dead letter (counted <c>dead</c>) in the same step.
    /// Where more than a few, and more than one in a hundred, would be refused, that is an outage and not poison: nothing is applied and
    /// <see cref="StoreUnavailableException"/> says so.
    /// Notes where each event went (<see cref="IssueDelta.EventIds"/>, <see cref="DeltaBatch.Fates"/>) for <see cref="IErrorReader.FindReceiptsAsync"/>, in the same step.
    /// A fingerprint that is not known joins the issue of one that shares an alias (<see cref="Grouping.Aliases"/>); only without such a one it makes an issue.
    /// A resolved issue is reopened by an event of a release newer than the one it was resolved in, or by any where releases are not told.
    /// What visitors say (<see cref="IssueDelta.Feedback"/>) is kept with the event that it is about, makes no issue, and is counted <c>stored</c>.
    /// A delta of a deleted fingerprint, received (<see cref="IssueDelta.LastReceived"/>) no later than the delete, is dropped, and counted <c>stored</c>; a later one makes a new issue.
    /// </summary>
    Task<Applied> ApplyAsync(long token, string lane, StreamId previous, IReadOnlyList<LaneEntry> entries, CancellationToken cancel);

    /// <summary>
    /// Events of the deltas that were refused in entries of a lane between two ids, both included: what a writer has to count as dead
    /// where the one before it committed and could not say so any more.
    /// </summary>
    Task<long> CountRefusedAsync(string lane, StreamId from, StreamId to, CancellationToken cancel);

    /// <summary>
    /// As <see cref="ApplyAsync"/>, for the stream of commands. A command whose id was applied before is passed over.
    /// A resolve of an issue that has events received after it leaves the issue open, with both facts in its history.
    /// </summary>
    Task<Applied> ApplyCommandsAsync(long token, StreamId previous, IReadOnlyList<CommandEntry> entries, CancellationToken cancel);

    /// <summary>Opens ignored issues whose time is over (<see cref="StoreCommand.Until"/>). By events and users they wake as those are applied.</summary>
    Task<Applied> WakeAsync(long token, DateTimeOffset now, CancellationToken cancel);

    /// <summary>Remembers that counts between two moments may be too high (Redis lost its tail and the log was replayed).</summary>
    Task FlagApproximateAsync(long token, string lane, long fromMs, long toMs, string reason, CancellationToken cancel);

    /// <summary>
    /// Deletes what is older or bigger than the policy allows; returns what went. Goes in short steps, between which other calls
    /// are served, until nothing is left to do or it is cancelled: what is done then stays done.
    /// </summary>
    Task<Purged> PurgeAsync(long token, RetentionPolicy policy, DateTimeOffset now, CancellationToken cancel);

    /// <summary>
    /// The next fingerprint of a project that has samples which source maps may still be for, of one release or (null) of any; null at the end.
    /// </summary>
    Task<UnmappedGroup?> NextUnmappedAsync(int projectId, string? release, string? place, CancellationToken cancel);

    /// <summary>How many such samples there are.</summary>
    Task<long> CountUnmappedAsync(int projectId, string? release, CancellationToken cancel);

    /// <summary>
    /// Puts repaired samples of one fingerprint in the place of the old ones, and leads what such events are grouped by now to the same issue. Where
    /// that fingerprint has an issue of its own already, the newer issue is merged into the older. Saves the progress in the same step; repeating a step changes nothing.
    /// </summary>
    Task<Applied> RemapAsync(long token, RemapStep step, CancellationToken cancel);
}

public sealed record LaneEntry(StreamId Id, DeltaBatch Batch);

public sealed record CommandEntry(StreamId Id, StoreCommand Command);

/// <param name="Changed">Issues that changed or were made, for live pages.</param>
/// <param name="Refused">Deltas the store can never take.</param>
public sealed record Applied(IReadOnlyList<IssueChange> Changed, IReadOnlyList<RefusedDelta> Refused);

public sealed record IssueChange(int ProjectId, long IssueId, bool IsNew);

public sealed record RefusedDelta(StreamId Entry, IssueDelta Delta, string Reason);

/// <param name="MaxAge">Events (samples) and hourly counts older than this go; issues stay until they are empty and closed.</param>
/// <param name="MaxBytes">Upper bound of the store's size; the oldest samples go first. 0 means no bound.</param>
/// <param name="SamplesPerIssue">Upper bound of samples of one issue, novelty first.</param>
public sealed record RetentionPolicy(TimeSpan MaxAge, long MaxBytes, int SamplesPerIssue = 200)
{
    /// <summary>Receipts older than this go ...</summary>
    public TimeSpan ReceiptAge { get; init; } = TimeSpan.FromDays(7);

    /// <summary>... and the oldest beyond this size.</summary>
    public long ReceiptBytes { get; init; } = 128L << 20;

    /// <summary>Projects that keep events whole for a shorter time, or fewer of them.</summary>
    public IReadOnlyList<ProjectRetention> Projects { get; init; } = [];
}

/// <param name="Days">Samples and what visitors said go after so many days; null as the rest. Hourly counts stay as long as all others.</param>
public sealed record ProjectRetention(int ProjectId, int? Days, int? SamplesPerIssue);

public sealed record Purged(long Events, long Hours, long Bytes);

/// <summary>Another process has taken the lead: step down, do not retry.</summary>
public sealed class FencedException(long mine) : Exception($"token {mine} is void: another writer has taken the lead");

/// <summary>The stored cursor is not what the caller read: read it again.</summary>
public sealed class CursorMovedException(string stream, StreamId stored) : Exception($"cursor of {stream} is at {stored}")
{
    public StreamId Stored { get; } = stored;
}

/// <summary>The store cannot be reached or is busy for longer than it should be: try again with back-off.</summary>
public sealed class StoreUnavailableException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The store's own data is damaged: only a person can help, trying again does not.</summary>
public sealed class StoreCorruptException(string message, Exception inner) : Exception(message, inner);
