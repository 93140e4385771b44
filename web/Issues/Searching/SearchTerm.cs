namespace ErrorPipeline.Web.Issues.Searching;

/// <summary>One term of what somebody typed, and where it stands.</summary>
/// <param name="Key">Null where it is words.</param>
/// <param name="Quoted">It stood in quotes: no character of it means anything.</param>
public sealed record SearchTerm(bool Not, string? Key, string Value, bool Quoted, int Start = 0, int Length = 0)
{
    /// <summary>As it is typed.</summary>
    public override string ToString() => $"{(Not ? "-" : "")}{(Key is null ? "" : Key + ":")}{(Quoted ? Quote(Value) : Value)}";

    /// <summary>A term of a value, in quotes where it needs them.</summary>
    public static SearchTerm Of(string key, string value, bool not = false) =>
        new(not, key, value, value.Length == 0 || value.StartsWith("//", StringComparison.Ordinal) || value.Any(c => char.IsWhiteSpace(c) || c is '"' or '\\' or '*'));

    private static string Quote(string value) => $"\"{value.Replace("\\", @"\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
