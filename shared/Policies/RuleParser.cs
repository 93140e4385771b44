namespace ErrorPipeline.Shared.Policies;

/// <summary>
/// Reads rules, one a line: matchers, an arrow, actions. "type:TypeError message:"*is not a function" -> fingerprint no-function". Empty lines
/// and those that begin with '#' say nothing.
/// </summary>
internal static class RuleParser
{
    private const int MostMatchers = 10;
    private static readonly string[] Fields = ["type", "message", "file", "function", "release", "url", "class"];

    public static RuleSet Parse(string text)
    {
        var rules = new List<Rule>();
        var problems = new List<RuleProblem>();
        if (text.Length > RuleSet.LongestText)
        {
            problems.Add(new(1, $"the rules are longer than {RuleSet.LongestText} characters together"));
            return new([], problems);
        }

        var number = 0;
        foreach (var raw in text.Split('\n'))
        {
            number++;
            var line = raw.Trim();
            if (line.Length == 0 || line[0] == '#')
                continue;
            if (rules.Count == RuleSet.MostRules)
            {
                problems.Add(new(number, $"there are more than {RuleSet.MostRules} rules"));
                break;
            }

            try
            {
                rules.Add(ReadLine(line, number));
            }
            catch (FormatException e)
            {
                problems.Add(new(number, e.Message));
            }
        }

        return new(rules, problems);
    }

    private static Rule ReadLine(string line, int number)
    {
        var words = new RuleWords(line);
        var matchers = new List<RuleMatcher>();
        while (!words.TakeArrow())
        {
            if (words.IsAtEnd)
                throw new FormatException("there is no '->': write matchers, '->', and what to do (ignore, in-app yes, in-app no, fingerprint ..., title \"...\")");
            if (matchers.Count == MostMatchers)
                throw new FormatException($"there are more than {MostMatchers} matchers");
            matchers.Add(ReadMatcher(words));
        }

        if (matchers.Count == 0)
            throw new FormatException($"there is no matcher before '->': use {Allowed}");
        var rule = new Rule(number, line, matchers);
        do
            rule = RuleActions.Read(rule, words);
        while (words.TakeComma());
        if (!words.IsAtEnd)
            throw new FormatException($"'{words.Rest}' is left over: separate actions by a comma, and quote texts with spaces");
        if (rule.InApp is not null && matchers.All(m => !m.IsOfFrame))
            throw new FormatException("in-app needs a matcher of frames: file: or function:");
        if (rule.InApp is not null && matchers.Find(m => m.Field is "class" or "url") is { } late)
            throw new FormatException($"in-app cannot depend on {late.Field}: whose code it is does not change with the page, and the class follows from it");
        return rule;
    }

    private static string Allowed => string.Join(", ", Fields.Select(f => f + ":")) + " or tag.NAME:";

    private static RuleMatcher ReadMatcher(RuleWords words)
    {
        var not = words.Take('!');
        var name = words.UpTo(':') ?? throw new FormatException($"'{words.Rest}' is no matcher: use {Allowed}, each followed by a glob");
        var tag = name.StartsWith("tag.", StringComparison.Ordinal) && name.Length > 4 ? name[4..] : null;
        if (tag is null && !Fields.Contains(name))
            throw new FormatException($"'{name}:' is not known: use {Allowed}");
        var pattern = words.Word() ?? throw new FormatException($"'{name}:' is followed by no glob");
        if (Glob.Problem(pattern) is { } problem && !(problem == "it matches everything" && tag is not null))
            throw new FormatException($"the glob of '{name}:' cannot be used: {problem}");
        return new(tag is null ? name : "tag", tag, new(pattern), not);
    }
}
