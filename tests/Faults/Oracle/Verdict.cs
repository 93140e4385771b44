namespace ErrorPipeline.Faults.Oracle;

/// <summary>What was answered 202 against what is stored, exactly.</summary>
/// <param name="Stored">Events counted by the issues that belong to the crowd.</param>
/// <param name="Lost">Different events that no issue counted.</param>
/// <param name="Doubled">Counts beyond one for each event.</param>
/// <param name="Invented">Counted visitors or issues that nobody sent.</param>
internal sealed record Verdict(long Accepted, long Stored, long Lost, long Doubled, long Invented)
{
    /// <param name="expected">Kind to its events.</param>
    public static Verdict Of(IReadOnlyDictionary<int, long> expected, IReadOnlyDictionary<string, (long Count, long Users)> issues)
    {
        var (stored, lost, doubled, invented) = (0L, 0L, 0L, 0L);
        var byEnding = issues.GroupBy(i => EndingOf(i.Key), StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => (Count: g.Sum(i => i.Value.Count), Users: g.Sum(i => i.Value.Users)), StringComparer.Ordinal);
        foreach (var (kind, events) in expected)
        {
            byEnding.Remove(NumberedErrors.Ending(kind), out var issue);
            stored += issue.Count;
            lost += Math.Max(0, events - issue.Users);
            invented += Math.Max(0, issue.Users - events);
            doubled += Math.Max(0, issue.Count - issue.Users);
        }

        return new(expected.Values.Sum(), stored, lost, doubled, invented + byEnding.Values.Sum(i => i.Count));
    }

    /// <summary>Of a title as <see cref="NumberedErrors.Ending"/> makes it: its last four words.</summary>
    private static string EndingOf(string title)
    {
        var words = title.Split(' ');
        return " " + string.Join(' ', words[^Math.Min(4, words.Length)..]);
    }
}
