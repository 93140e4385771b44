using ErrorPipeline.Shared.Outcomes;

namespace ErrorPipeline.Web.Pipeline;

/// <summary>In what order and with what words outcomes are shown: what came in, what left on the way, what arrived, and what is counted apart.</summary>
internal static class OutcomeGroups
{
    public static readonly IReadOnlyList<string> Titles = ["Came in", "Left on the way", "Arrived", "Refused at the door", "Counted apart"];

    public static int GroupOf(string outcome) => outcome switch
    {
        Outcome.Accepted or Outcome.Replayed => 0,
        Outcome.Duplicate or Outcome.Dead => 1,
        Outcome.Stored => 2,
        Outcome.RateLimited => 3,
        _ when outcome.StartsWith(Outcome.FilteredPrefix, StringComparison.Ordinal) => 1,
        _ when outcome.StartsWith(Outcome.RejectedPrefix, StringComparison.Ordinal) => 3,
        _ => 4,
    };

    /// <summary>What an outcome means, where its name does not say it.</summary>
    public static string? Meaning(string outcome) => outcome switch
    {
        Outcome.Accepted => "answered 202 and taken by Redis",
        Outcome.Replayed => "of those accepted, sent again from the log by an operator",
        Outcome.Duplicate => "the same event came before",
        Outcome.Dead => "could not be processed, kept as dead letters or refused by the store",
        Outcome.Stored => "counted in an issue",
        Outcome.RateLimited => "answered 429",
        Outcome.Suppressed => "clients say that they did not send these",
        _ => null,
    };

    /// <summary>The stage at which events with this fate leave; null for those that come in or arrive.</summary>
    public static string? StageOf(string outcome) => outcome switch
    {
        Outcome.Duplicate => "dedupe",
        _ when outcome.StartsWith(Outcome.FilteredPrefix, StringComparison.Ordinal) => "normalize",
        _ => null,
    };
}
