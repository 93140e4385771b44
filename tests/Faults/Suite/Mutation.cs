using ErrorPipeline.Shared.Hosting;

namespace ErrorPipeline.Faults.Suite;

/// <summary>A guard that is taken away, and the case that must fail for it.</summary>
/// <param name="Guard">A name of <see cref="Shared.Hosting.Guard"/>.</param>
/// <param name="What">What it guards, for people.</param>
/// <param name="Case">Name of a case.</param>
/// <param name="Complaint">Words of the failure that tell it failed for this and not for something else.</param>
internal sealed record Mutation(string Guard, string What, string Case, string Complaint)
{
    public static readonly IReadOnlyList<Mutation> All =
    [
        new(Shared.Hosting.Guard.PendingGate, "a hop moves only what is still pending for its own consumer", "claimed-all-the-time", "counted twice"),
        new(Shared.Hosting.Guard.SeenGate, "a hop of dedupe happens only where none of its events was seen before", "sent-three-times", "counted twice"),
        new(Shared.Hosting.Guard.Fence, "a change of the store carries the newest leader's token", "paused-writer", "no attempt was fenced off"),
        new(Shared.Hosting.Guard.Cursor, "deltas are applied only on top of the cursor they were read at", "commit-repeated", "counted twice"),
        new(Shared.Hosting.Guard.Floor, "no delta gets an id before the writer's cursor", "redis-clock-back", "are not stored"),
        new(Shared.Hosting.Guard.Contiguity, "a batch of the log is taken only right behind the one before it", "redis-rolled-back", "are not stored"),
        new(Shared.Hosting.Guard.Tombstone, "what was received before its issue was deleted stays deleted", "deleted-on-the-way", "brought the issue back"),
        new(Shared.Hosting.Guard.Marker, "a document of MongoDB takes of each lane only what comes after the last that it took", "mongo-killed-before-merge", "counted twice"),
        new(Shared.Hosting.Guard.Reread, "a document that MongoDB says is there already is looked at before it is counted in again", "mongo-killed-before-merge", "the issues are merged"),
        new(Shared.Hosting.Guard.Commit, "202 waits until its record is written", "log-disk-full", "are not stored"),
        new(Shared.Hosting.Guard.Fsync, "a record counts as written when it is on the disk itself", "power-cut", "are not stored"),
        new(Shared.Hosting.Guard.Dedupe, "an event that was seen before is not counted again", "sent-three-times", "counted twice"),
    ];
}
