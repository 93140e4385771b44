using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Policies;

namespace ErrorPipeline.Shared.Tests;

public class PoliciesTests
{
    [TestCase("a*c", "abbbc", true)]
    [TestCase("a*c", "abbbcd", false)]
    [TestCase("*a*b*", "xxaxxbxx", true)]
    [TestCase("*ab", "abab", true)]
    [TestCase("a*a", "a", false)]
    [TestCase("ABC", "abc", true)]
    [TestCase("a?c", "abc", false)]
    [TestCase("*loop*", "line one\nResizeObserver loop\n", true)]
    public void Glob_StarStandsForAnything(string pattern, string text, bool matches) => new Glob(pattern).Matches(text).Should().Be(matches);

    [Test]
    public void Glob_HostilePattern_TakesLinearTime()
    {
        var glob = new Glob(string.Concat(Enumerable.Repeat("*a", 100)));
        var text = new string('a', 99) + new string('b', 1_000_000);
        var started = TimeProvider.System.GetTimestamp();

        glob.Matches(text).Should().BeFalse();

        TimeProvider.System.GetElapsedTime(started).Should().BeLessThan(TimeSpan.FromSeconds(1));
    }

    [TestCase("type TypeError -> ignore", "is no matcher")]
    [TestCase("colour:red -> ignore", "'colour:' is not known: use type:, message:")]
    [TestCase("type:TypeError", "there is no '->'")]
    [TestCase("-> ignore", "there is no matcher")]
    [TestCase("type:A ->", "nothing is to be done")]
    [TestCase("type:A -> drop", "'drop' is no action")]
    [TestCase("type:A -> in-app yes", "in-app needs a matcher of frames")]
    [TestCase("file:*a* class:ours -> in-app no", "in-app cannot depend on class")]
    [TestCase("file:*a* url:*b* -> in-app no", "in-app cannot depend on url")]
    [TestCase("file:*a* -> in-app maybe", "write 'in-app yes' or 'in-app no'")]
    [TestCase("type:* -> ignore", "it matches everything")]
    [TestCase("message:\"abc -> ignore", "a quote is not closed")]
    [TestCase("type:A -> fingerprint {{ usr }}", "'{{ usr }}' is not known")]
    [TestCase("type:A -> title \"{{ default }}\"", "'{{ default }}' is not known")]
    [TestCase("type:A -> title two words", "'words' is left over")]
    public void Rules_ThatCannotBeRead_SayWhyAndWhere(string line, string expected)
    {
        var rules = RuleSet.Parse($"# a remark\n\n{line}\ntype:B -> ignore\n");

        rules.Problems.Should().ContainSingle().Which.Should().Match<RuleProblem>(p => p.Line == 3 && p.What.Contains(expected));
        rules.All.Should().ContainSingle("the others hold all the same");
    }

    [Test]
    public void Rule_WithAllItCanSay_IsRead()
    {
        var rule = RuleSet.Parse("""type:TypeError !message:"*a \"quoted\" text, with comma*" tag.plan:pro -> fingerprint {{ default }} "two words" {{ tag.plan }}, title "T: {{ message }}" """).All.Single();

        rule.Matchers.Should().HaveCount(3);
        rule.Matchers[1].Should().Match<RuleMatcher>(m => m.Not && m.Glob.Pattern == "*a \"quoted\" text, with comma*");
        rule.Fingerprint!.Select(p => p.Text).Should().Equal("{{ default }}", "two words", "{{ tag.plan }}");
        rule.Title!.Text.Should().Be("T: {{ message }}");
    }

    [Test]
    public void Matchers_OfFrames_HoldForOneAndTheSameFrame()
    {
        var rules = RuleSet.Parse("file:*a.js function:run -> ignore");
        RuleSubject Subject(params (string File, string Function)[] frames) =>
            new() { Type = "E", Message = "m", Frames = [.. frames.Select(f => new StackFrame { File = f.File, Function = f.Function })] };

        rules.Matches(Subject(("https://x/a.js", "run"))).Should().BeTrue();
        rules.Matches(Subject(("https://x/a.js", "other"), ("https://x/b.js", "run"))).Should().BeFalse();
    }

    [TestCase("CUST-[0-9]{6}", null)]
    [TestCase("", "1 to 200")]
    [TestCase("a*", "matches an empty text")]
    [TestCase("(a", "Not enough )'s")]
    [TestCase("(?=a)b", "have no bound on their time")]
    [TestCase("(a)\\1", "have no bound on their time")]
    [TestCase("(a{50}){50}", "multiply to more than 64")]
    public void ScrubPattern_IsTakenOrExplained(string pattern, string? problem)
    {
        ScrubPattern.TryParse(pattern, out _, out var said).Should().Be(problem is null);
        if (problem is not null)
            said.Should().Contain(problem);
    }

    [Test]
    public void ScrubPattern_HostileText_TakesLinearTime()
    {
        ScrubPattern.TryParse("(a+)+b", out var pattern, out _).Should().BeTrue();
        var started = TimeProvider.System.GetTimestamp();

        pattern!.Replace(new string('a', 60_000), "-");

        TimeProvider.System.GetElapsedTime(started).Should().BeLessThan(TimeSpan.FromSeconds(2));
    }
}
