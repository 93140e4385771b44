namespace ErrorPipeline.Shared.Outcomes;

/// <summary>
/// Sessions that clients tell of, on their way beside the events: outcomes of a minute that name a kind, an environment and a release,
/// "session:started:production:shop%401.4". The store counts them by quarters of days; they are no fate of any event.
/// </summary>
/// <param name="Kind"><see cref="Started"/>, <see cref="Hit"/> or <see cref="Crashed"/>.</param>
/// <param name="Environment">"" where the client told none.</param>
/// <param name="Release">The same.</param>
public sealed record SessionOutcome(string Kind, string Environment, string Release)
{
    public const string Started = "started";

    /// <summary>At least one error was met in it.</summary>
    public const string Hit = "hit";

    /// <summary>It ended by one that nobody handled.</summary>
    public const string Crashed = "crashed";

    private const string Prefix = "session:";

    /// <summary>Names may hold anything, and outcomes are separated by spaces and bars.</summary>
    public override string ToString() => $"{Prefix}{Kind}:{Uri.EscapeDataString(Environment)}:{Uri.EscapeDataString(Release)}";

    /// <summary>Null where it is another outcome.</summary>
    public static SessionOutcome? Read(string? outcome) =>
        outcome?.StartsWith(Prefix, StringComparison.Ordinal) == true && outcome[Prefix.Length..].Split(':') is [Started or Hit or Crashed, _, _] parts
            ? new(parts[0], Uri.UnescapeDataString(parts[1]), Uri.UnescapeDataString(parts[2]))
            : null;
}
