using System.Text;

namespace ErrorPipeline.Shared.Policies;

/// <summary>A text with values of the event in it, "Checkout of {{ tag.plan }}".</summary>
public sealed class RuleTemplate
{
    /// <summary>Stands for the grouping that would be without the rule.</summary>
    public const string Default = "default";

    private static readonly string[] Names = ["type", "message", "function", "file", "release", "page", "class"];

    private readonly List<(string? Text, string? Name)> _parts = [];

    private RuleTemplate(string text) => Text = text;

    /// <summary>As it was written.</summary>
    public string Text { get; }

    public bool IsDefault => _parts is [{ Name: Default }];

    /// <summary>Whether the event's message is a part of it.</summary>
    public bool UsesMessage => _parts.Exists(part => part.Name == "message");

    /// <summary>Null, with what is wrong, where a value in it is not known.</summary>
    internal static RuleTemplate? Parse(string text, bool allowDefault, out string? problem)
    {
        var template = new RuleTemplate(text);
        problem = null;
        var rest = text.AsSpan();
        while (rest.IndexOf("{{") is >= 0 and var open && rest[open..].IndexOf("}}") is > 0 and var length)
        {
            if (open > 0)
                template._parts.Add((rest[..open].ToString(), null));
            var name = rest.Slice(open + 2, length - 2).Trim().ToString();
            if (!Names.Contains(name) && !IsTag(name) && !(allowDefault && name == Default && text.Trim() is ['{', '{', .., '}', '}']))
            {
                problem = $"'{{{{ {name} }}}}' is not known: use {(allowDefault ? "default (alone), " : "")}{string.Join(", ", Names)} or tag.NAME";
                return null;
            }

            template._parts.Add((null, name));
            rest = rest[(open + length + 2)..];
        }

        if (!rest.IsEmpty)
            template._parts.Add((rest.ToString(), null));
        return template;
    }

    /// <param name="message">The message as it is grouped by, or as it is read.</param>
    /// <param name="page">The page without query.</param>
    public string Fill(RuleSubject subject, string message, string? page)
    {
        var filled = new StringBuilder();
        foreach (var (text, name) in _parts)
            filled.Append(text ?? Value(name!, subject, message, page));
        return filled.ToString();
    }

    private static string? Value(string name, RuleSubject subject, string message, string? page) => name switch
    {
        "type" => subject.Type,
        "message" => message,
        "function" => Newest(subject)?.Function,
        "file" => Newest(subject)?.File,
        "release" => subject.Release,
        "page" => page,
        "class" => subject.Class,
        _ => subject.TagOf(name[4..]),
    };

    private static Contracts.StackFrame? Newest(RuleSubject subject) => subject.Frames.FirstOrDefault(f => f.InApp) ?? subject.Frames.FirstOrDefault();

    private static bool IsTag(string name) => name.StartsWith("tag.", StringComparison.Ordinal) && name.Length > 4;
}
