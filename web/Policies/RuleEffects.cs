using ErrorPipeline.Shared.Policies;
using ErrorPipeline.Web.Components.Parts;

namespace ErrorPipeline.Web.Policies;

/// <summary>What one rule would do to events that it matches, in a sentence for each of its actions.</summary>
internal static class RuleEffects
{
    public static IEnumerable<string> Of(Rule rule, IReadOnlyList<RecentEvent> events)
    {
        if (rule.Ignore)
            yield return "They would be counted, and not kept.";
        if (rule.InApp is { } own)
            yield return Marked(rule, events) is > 0 and var frames
                ? $"{Said.Of(frames, "frame", "frames")} of theirs would count as {(own ? "your own code" : "code of others")}."
                : $"Their frames count as {(own ? "your own code" : "code of others")} already.";
        if (rule.Fingerprint is { } parts)
            yield return Grouped(parts, events);
        if (rule.Title is { } title)
            yield return $"The newest would be called \"{title.Fill(events[0].Subject, events[0].Subject.Message, events[0].Page)}\".";
    }

    private static int Marked(Rule rule, IReadOnlyList<RecentEvent> events) =>
        events.Sum(e => RuleSet.Mark(e.Subject.Frames, [rule]).Zip(e.Subject.Frames).Count(pair => pair.First.InApp != pair.Second.InApp));

    private static string Grouped(IReadOnlyList<RuleTemplate> parts, IReadOnlyList<RecentEvent> events)
    {
        var now = Said.Of(events.Select(e => e.Issue).Distinct().Count(), "issue", "issues");
        // The stage puts placeholders into a message first, which only it can do.
        if (parts.Any(p => p.UsesMessage))
            return $"They are {now} now, and would be one issue a message.";
        var then = events.Select(e => string.Join('\0', parts.Select(p => p.IsDefault ? $"{e.Issue}" : p.Fill(e.Subject, "", e.Page)))).Distinct(StringComparer.Ordinal).Count();
        return $"They are {now} now, and would be {then}.";
    }
}
