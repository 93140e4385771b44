namespace ErrorPipeline.Shared.Outcomes;

/// <summary>
/// The fates an event can have. <see cref="Accepted"/> is what comes in to a lane; exactly one of the terminal names
/// takes each event out of it, so that accepted = terminal + in flight holds at every moment.
/// </summary>
public static class Outcome
{
    /// <summary>Entered a lane. Counted by the forward script.</summary>
    public const string Accepted = "accepted";

    /// <summary>Terminal: counted in an issue, committed by the store.</summary>
    public const string Stored = "stored";

    /// <summary>Terminal: an event of this id was seen before.</summary>
    public const string Duplicate = "duplicate";

    /// <summary>Terminal: could not be processed; kept in the dead letters.</summary>
    public const string Dead = "dead";

    /// <summary>Terminal: followed by the reason, "filtered:extension".</summary>
    public const string FilteredPrefix = "filtered:";

    /// <summary>At the edge, before any lane, never answered 202; outside the balance.</summary>
    public const string RateLimited = "rate_limited";

    /// <summary>At the edge: refused with a 4xx; followed by the reason, "rejected:too_large".</summary>
    public const string RejectedPrefix = "rejected:";

    /// <summary>At the edge: parts of a request that are no errors, such as replays; followed by their kind, "ignored:replay_event". Outside the balance.</summary>
    public const string IgnoredPrefix = "ignored:";

    /// <summary>Of those accepted: sent again from a collector's log by an operator. Outside the balance.</summary>
    public const string Replayed = "replayed";

    /// <summary>What a client says it did not send. Outside the balance.</summary>
    public const string Suppressed = "suppressed";
}
