namespace ErrorPipeline.Shared.Policies;

/// <summary>What stands behind the arrow of a rule.</summary>
internal static class RuleActions
{
    private const int MostParts = 10;
    private const int LongestTitle = 200;

    public static Rule Read(Rule rule, RuleWords words)
    {
        switch (words.Word())
        {
            case "ignore":
                return rule with { Ignore = true };
            case "in-app":
                return words.Word() switch
                {
                    "yes" => rule with { InApp = true },
                    "no" => rule with { InApp = false },
                    _ => throw new FormatException("write 'in-app yes' or 'in-app no'"),
                };
            case "title":
                var title = words.Word() ?? throw new FormatException("write the title behind 'title', in quotes where it has spaces");
                if (title.Length > LongestTitle)
                    throw new FormatException($"the title is longer than {LongestTitle} characters");
                return rule with { Title = Template(title, allowDefault: false) };
            case "fingerprint":
                return rule with { Fingerprint = Parts(words) };
            case null:
                throw new FormatException("nothing is to be done: use ignore, in-app yes, in-app no, fingerprint ... or title \"...\"");
            case var word:
                throw new FormatException($"'{word}' is no action: use ignore, in-app yes, in-app no, fingerprint ... or title \"...\"");
        }
    }

    private static List<RuleTemplate> Parts(RuleWords words)
    {
        var parts = new List<RuleTemplate>();
        while (words.Word() is { } part)
        {
            if (parts.Count == MostParts)
                throw new FormatException($"a fingerprint has at most {MostParts} parts");
            parts.Add(Template(part, allowDefault: true));
        }

        return parts.Count > 0 ? parts : throw new FormatException("write the parts of the fingerprint behind 'fingerprint', separated by spaces");
    }

    private static RuleTemplate Template(string text, bool allowDefault) =>
        RuleTemplate.Parse(text, allowDefault, out var problem) ?? throw new FormatException(problem);
}
