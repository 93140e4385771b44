namespace ErrorPipeline.Shared.Storage;

/// <summary>What may be asked of a store at once. Throws <see cref="ArgumentException"/> with a text for people.</summary>
internal static class ReadLimits
{
    private const int MostHours = 24 * 366;

    public static void Check(IssueQuery query)
    {
        Within(query.Limit, 1, 100, "limit");
        Within(query.TrendHours, 0, MostHours, "hours of trend");
        Within(query.Terms.Count, 0, 100, "terms");
        if (query is { After: not null, Before: not null })
            throw new ArgumentException("A page comes after a place of the list or before it, not both.", nameof(query));
    }

    public static void CheckSeries(long fromHour, long toHour) => Within(toHour - fromHour, 0, MostHours, "hours of the series");

    private static void Within(long value, long least, long most, string what)
    {
        if (value < least || value > most)
            throw new ArgumentException($"{what} must be between {least} and {most}, not {value}", nameof(value));
    }
}
