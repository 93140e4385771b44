using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Web.Issues.Searching;
using FsCheck;
using FsCheck.Fluent;

namespace ErrorPipeline.Web.Tests;

/// <summary>The language of the search field: what it is cut into, what that means, and that no text is too strange for it.</summary>
public class SearchTextTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly Gen<string> Typed = Gen.OneOf(
        ArbMap.Default.GeneratorFor<string>().Where(text => text is not null),
        Gen.ListOf(Gen.Elements(
            "is:", "browser:", "-", "\"", "\\", ":", " ", "*", "a", "7d", ">", "<", "release:", "1.4", "..", "user:", "age:", "count:", "tag.x:", "TypeError:", "https://x/y", "\u00a0", "\0", "\ud800", "日本", "é"))
            .Select(parts => string.Concat(parts)));

    [Test]
    public void Parse_OfAnything_IsPrintedAsWhatParsesTheSame() => Prop.ForAll(Typed.ToArbitrary(), text =>
    {
        var terms = SearchText.Parse(text).Select(Bare).ToList();
        SearchText.Parse(SearchText.Print(terms)).Select(Bare).Should().Equal(terms, "of {0}", text);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    [Test]
    public void Parse_OfAnything_TellsWhereEachTermStands() => Prop.ForAll(Typed.ToArbitrary(), text =>
    {
        var end = 0;
        foreach (var term in SearchText.Parse(text))
        {
            text[end..term.Start].Should().BeNullOrWhiteSpace();
            end = term.Start + term.Length;
            end.Should().BeGreaterThan(term.Start);
        }

        text[Math.Min(end, text.Length)..Math.Min(text.Length, SearchText.Longest)].Should().BeNullOrWhiteSpace();
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    [Test]
    public void Read_OfAnything_NeverFails() => Prop.ForAll(Typed.ToArbitrary(), text =>
    {
        var (query, _) = Read(text);
        query.Terms.Count.Should().BeLessThanOrEqualTo(SearchText.Longest);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    [Test]
    public void Of_AnyValue_IsOneTermOfThatValue() => Prop.ForAll(ArbMap.Default.GeneratorFor<string>().Where(text => text is { Length: < 200 }).ToArbitrary(), value =>
    {
        var term = SearchTerm.Of("browser", value);
        Bare(SearchText.Parse(term.ToString()).Should().ContainSingle().Subject).Should().Be(term);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Test]
    public void Read_OfTheExample_AsksForAllOfIt()
    {
        var (query, problems) = Read("is:open browser:safari release:1.4* \"cannot read\" frame:checkout.js age:<7d count:>100 -env:staging pay");

        problems.Should().BeEmpty();
        query.State.Should().Be(IssueState.Open);
        query.Terms.Should().Equal(
            new IssueTerm("browser", "safari"), new IssueTerm("release", "1.4", Beginning: true), new IssueTerm("", "cannot read"), new IssueTerm("frame", "checkout.js"),
            new IssueTerm("environment", "staging", Not: true));
        query.FirstSeen.Should().Be(new Between(Now.AddDays(-7).ToUnixTimeMilliseconds()));
        query.Count.Should().Be(new Between(101));
        query.Text.Should().Be("pay");
    }

    [TestCase("brwser:safari", "There is no key “brwser”: did you mean browser? It was looked for as words.")]
    [TestCase("is:opne", "*did you mean is:open?*")]
    [TestCase("release:", "*wants a value, as in release:1.4*")]
    [TestCase("release:1*4", "*the last character*")]
    [TestCase("release:*", "*before the star*")]
    [TestCase("age:soon", "*a time in m, h, d, w or y, as in age:<7d*")]
    [TestCase("count:many", "*takes a number, as in count:>100*")]
    [TestCase("-count:>100", "*turn the sign round*")]
    [TestCase("assigned:bob", "Nobody here is called “bob”.")]
    [TestCase("assigned:anne", "*did you mean ann?*")]
    [TestCase("class:ours class:bot", "*can stand only once*")]
    [TestCase("-user:42", "*cannot be asked*")]
    public void Read_OfWhatItDoesNotUnderstand_SaysSo(string text, string says)
    {
        var (_, problems) = Read(text);

        var problem = problems.Should().ContainSingle().Subject;
        problem.Says.Should().Match(says);
        text.Substring(problem.Start, problem.Length).Should().Be(SearchText.Parse(text)[^1].ToString());
    }

    [TestCase("TypeError: x is not a function")]
    [TestCase("https://shop.example/cart?a=b")]
    [TestCase("- -- a - b")]
    [TestCase("10:30 failed")]
    public void Read_OfAMessage_LooksForItsWords(string text)
    {
        var (query, problems) = Read(text);

        problems.Should().BeEmpty();
        query.Text.Should().NotBeNullOrEmpty();
    }

    [TestCase("is:resolved", IssueState.Resolved, null)]
    [TestCase("-is:resolved", null, IssueState.Resolved)]
    [TestCase("-is:open -is:ignored", IssueState.Resolved, null)]
    public void Read_OfStates_KnowsWhichAreLeft(string text, IssueState? state, IssueState? not)
    {
        var (query, _) = Read(text);

        (query.State, query.NotState).Should().Be((state, not));
    }

    [Test]
    public void Read_OfStatesThatExcludeEachOther_CanMatchNothing()
    {
        var reader = new SearchReader(new(Now, null, [], user => [user]));

        reader.Read(SearchText.Parse("is:open is:resolved"), new() { NowHour = 0 });

        reader.CanMatch.Should().BeFalse();
    }

    [Test]
    public void Read_OfPeople_KnowsMeAndBeginnings()
    {
        Read("assigned:me").Query.Assignees.Should().Equal("ann@example.com");
        Read("assigned:ada").Query.Assignees.Should().Equal("ada@example.com", "adam@example.com");
        Read("-assigned:me").Query.NotAssignee.Should().Be("ann@example.com");
        Read("is:unassigned").Query.Assigned.Should().BeFalse();
    }

    [Test]
    public void Read_OfRanges_TakesWhatIsInAllOfThem()
    {
        Read("count:>10 count:<=20").Query.Count.Should().Be(new Between(11, 20));
        Read("users:5..9").Query.Users.Should().Be(new Between(5, 9));
        Read("seen:>30d").Query.LastSeen.Should().Be(new Between(null, Now.AddDays(-30).ToUnixTimeMilliseconds()));
        Read("count:99999999999999999999").Problems.Should().ContainSingle();
    }

    private static (IssueQuery Query, IReadOnlyList<SearchProblem> Problems) Read(string text)
    {
        var reader = new SearchReader(new(Now, "ann@example.com", ["ada@example.com", "adam@example.com", "ann@example.com"], user => [$"key of {user}"]));
        return (reader.Read(SearchText.Parse(text), new() { NowHour = 0 }), reader.Problems);
    }

    private static SearchTerm Bare(SearchTerm term) => term with { Start = 0, Length = 0 };
}
