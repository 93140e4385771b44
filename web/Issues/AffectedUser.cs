using ErrorPipeline.Shared.Storage;

namespace ErrorPipeline.Web.Issues;

/// <summary>One that met an issue, as far as its kept events tell.</summary>
/// <param name="Key">Tells users of a project apart, and says nothing else.</param>
/// <param name="Name">As the site told; null where it named nobody.</param>
/// <param name="Events">How many of the kept events are this one's.</param>
/// <param name="Newest">The last of them.</param>
public sealed record AffectedUser(string Key, string? Name, int Events, SampleRef Newest)
{
    /// <summary>Those seen last first.</summary>
    public static IReadOnlyList<AffectedUser> Of(IReadOnlyList<SampleRef> samples) =>
    [
        .. samples.Where(sample => sample.UserKey is not null).GroupBy(sample => sample.UserKey!, StringComparer.Ordinal)
            .Select(mine => new AffectedUser(mine.Key, mine.Select(sample => sample.User).FirstOrDefault(name => name is not null), mine.Count(), mine.MaxBy(sample => sample.At)!))
            .OrderByDescending(user => user.Newest.At),
    ];

    /// <summary>For people, where the site told no name: enough of the key to tell two apart.</summary>
    public string Short => Key.Length <= 8 ? Key : Key[..8];
}
