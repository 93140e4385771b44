namespace ErrorPipeline.Shared.Hosting;

/// <summary>
/// The guards of the delivery rules (docs/delivery.md) that the fault suite takes away one at a time, to prove that it would notice.
/// They can be taken away only in a build of configuration <c>Mutations</c>, by the variable <c>ERRORPIPELINE_MUTATION</c>;
/// in every other build each of them always holds.
/// </summary>
public static class Guard
{
    /// <summary>A hop moves only entries that are still pending for its own consumer.</summary>
    public const string PendingGate = "pending-gate";

    /// <summary>A hop of dedupe happens only where none of its events was seen before.</summary>
    public const string SeenGate = "seen-gate";

    /// <summary>A change of the store carries the newest leader's token.</summary>
    public const string Fence = "fence";

    /// <summary>Deltas are applied only on top of the cursor they were read at.</summary>
    public const string Cursor = "cursor";

    /// <summary>No delta gets an id that is not after the writer's cursor.</summary>
    public const string Floor = "floor";

    /// <summary>A batch of the log is taken only right behind the one before it.</summary>
    public const string Contiguity = "contiguity";

    /// <summary>What was received before its issue was deleted stays deleted.</summary>
    public const string Tombstone = "tombstone";

    /// <summary>A document of MongoDB takes of each lane only what comes after the last that it took.</summary>
    public const string Marker = "marker";

    /// <summary>Where MongoDB says that a document is there already, it is looked at before it is counted in again.</summary>
    public const string Reread = "re-read";

    /// <summary>202 waits until its record is written.</summary>
    public const string Commit = "commit";

    /// <summary>A record counts as written when it is on the disk itself.</summary>
    public const string Fsync = "fsync";

    /// <summary>An event that was seen before is not counted again.</summary>
    public const string Dedupe = "dedupe";

#if MUTATIONS
    private static readonly string? Removed = Environment.GetEnvironmentVariable("ERRORPIPELINE_MUTATION");

    public static bool Holds(string guard) => guard != Removed;

    /// <summary>A script without the lines between <c>-- guard NAME</c> and <c>-- end guard</c>.</summary>
    internal static string InScript(string text)
    {
        var inside = false;
        return string.Join('\n', text.Split('\n').Where(line =>
        {
            inside = line.Trim() switch
            {
                var mark when mark == "-- guard " + Removed => true,
                "-- end guard" => false,
                _ => inside,
            };
            return !inside;
        }));
    }
#else
    public static bool Holds(string guard) => true;

    internal static string InScript(string text) => text;
#endif
}
