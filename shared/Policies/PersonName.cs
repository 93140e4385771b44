using System.Text;
using ErrorPipeline.Shared.Contracts;

namespace ErrorPipeline.Shared.Policies;

/// <summary>A person's name where it stands in a text: alone, not inside a longer word (10.0.0.1 is not 10.0.0.12), in any case.</summary>
public static class PersonName
{
    /// <summary>What is left in its place.</summary>
    public const string Gone = "[erased]";

    /// <summary>Shorter names are words of other things too.</summary>
    private const int Distinctive = 6;

    public static bool IsDistinctive(string? name) => name is { Length: >= Distinctive };

    public static bool IsIn(string? text, string name) => text is not null && Find(text, name, 0) >= 0;

    public static string Without(string text, string name)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(name);
        var rest = new StringBuilder();
        var from = 0;
        for (var at = Find(text, name, 0); at >= 0; at = Find(text, name, from))
        {
            rest.Append(text, from, at - from).Append(Gone);
            from = at + name.Length;
        }

        return from == 0 ? text : rest.Append(text, from, text.Length - from).ToString();
    }

    /// <summary>A delta that nobody could store, without anything that tells of visitors: what it counts stays.</summary>
    public static IssueDelta Without(IssueDelta delta)
    {
        ArgumentNullException.ThrowIfNull(delta);
        return delta with
        {
            Title = Gone,
            Culprit = "",
            Grouping = delta.Grouping with { Tokens = [], Notes = null },
            Facets = [],
            Users = [],
            Samples = [],
            Feedback = null,
            Environments = null,
        };
    }

    private static int Find(string text, string name, int from)
    {
        for (var at = text.IndexOf(name, from, StringComparison.OrdinalIgnoreCase); at >= 0; at = text.IndexOf(name, at + 1, StringComparison.OrdinalIgnoreCase))
        {
            var end = at + name.Length;
            if ((at == 0 || !char.IsLetterOrDigit(text[at - 1])) && (end == text.Length || !char.IsLetterOrDigit(text[end])))
                return at;
        }

        return -1;
    }
}
