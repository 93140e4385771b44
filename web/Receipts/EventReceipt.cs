using ErrorPipeline.Shared.Outcomes;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Web.Components.Parts;

namespace ErrorPipeline.Web.Receipts;

/// <summary>All that is known of one event.</summary>
/// <param name="Fates">What the store was told, newest first.</param>
/// <param name="Seen">Where it was met in the lanes.</param>
/// <param name="HasSample">The event is kept whole.</param>
/// <param name="IsWhole">Everything in flight was looked at.</param>
/// <param name="Unforwarded">Events in collectors' logs that Redis has not taken yet: it may be one of them.</param>
/// <param name="RedisProblem">Why the lanes could not be looked at; null where they could.</param>
public sealed record EventReceipt(
    string EventId, IReadOnlyList<Receipt> Fates, IReadOnlyList<LaneSighting> Seen, bool HasSample, bool IsWhole, long Unforwarded, string? RedisProblem,
    ReceiptWindow Window)
{
    /// <summary>stored, in_flight, dead, filtered, duplicate or unknown. An event that was sent twice is stored and not a duplicate.</summary>
    public string State => this switch
    {
        { Stored: not null } => Outcome.Stored,
        _ when Seen.Any(s => s.Where is not "dead" and not "fates" && s.Detail is null) => "in_flight",
        _ when Seen.Any(s => s.Where == "dead") => Outcome.Dead,
        _ when Ended is { } outcome => outcome.Split(':', 2)[0],
        _ => "unknown",
    };

    public Receipt? Stored => Fates.FirstOrDefault(f => f.Outcome == Outcome.Stored);

    /// <summary>Which outcome ended it, by the store or on its way there.</summary>
    public string? Ended => Fates.FirstOrDefault(f => f.Outcome != Outcome.Duplicate)?.Outcome
        ?? Seen.FirstOrDefault(s => s.Where is "fates" or "deltas")?.Detail
        ?? Fates.FirstOrDefault()?.Outcome;

    /// <summary>The same as a sentence.</summary>
    public string Says => State switch
    {
        Outcome.Stored when Stored!.IssueId is null => "It was stored, and its issue has been deleted since.",
        Outcome.Stored => HasSample ? "It is stored, counted in an issue, and kept whole as a sample." : "It is stored and counted in an issue. Other events of the issue are kept as samples.",
        "in_flight" => InFlight(Seen.First(s => s.Where is not "dead" and not "fates")),
        Outcome.Dead => Seen.FirstOrDefault(s => s.Where == "dead") is { } letter
            ? $"It is a dead letter: {letter.Detail} could not process it. It can be replayed or dropped on the pipeline page."
            : "It could not be processed and was a dead letter, which has been dropped since; or the store refused it.",
        "filtered" => $"It was filtered, and counted as {Ended}.",
        Outcome.Duplicate => "It was recognized as a duplicate of an event that came before. What became of the first one is older than the receipts that are kept.",
        _ when RedisProblem is not null => "Redis does not answer, and the store does not know it: it may be in flight or in a collector's log.",
        _ when Unforwarded > 0 => $"It is not known. {Said.Of(Unforwarded, "event waits", "events wait")} in collectors' logs for Redis to take them: it may be one of them.",
        _ when !IsWhole => "It is not in the store, and more is in flight than was searched.",
        _ => "It is not known: it never arrived, was refused at the door (rate, size, key or origin), or is older than the receipts that are kept.",
    };

    private static string InFlight(LaneSighting at)
    {
        var next = at.Where switch
        {
            "raw" or "raw-bulk" => "dedupe",
            "unique" => "normalize",
            "normalized" => "aggregate",
            "deltas" => "the writer",
            _ => "a newer build",
        };
        var since = Said.Lasting(TimeSpan.FromSeconds(at.Seconds));
        return at.Holder is null ? $"It is in flight: for {since} in {at.Where}, waiting for {next}." : $"It is in flight: for {since} in {at.Where}, and {next} has it in hand.";
    }
}
