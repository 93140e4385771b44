using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Web.Issues;
using ErrorPipeline.Web.Settings;

namespace ErrorPipeline.Web.Tests;

/// <summary>Links that are made of what browsers and builds send: into the repository, and into other trackers.</summary>
public class IssueLinkTests
{
    private static readonly ProjectLinks Links = new()
    {
        Source = "https://git.example/shop/blob/{commit|main}/{file}#L{line}",
        Commit = "https://git.example/shop/commit/{commit}",
        GitHub = "https://git.example/shop",
        GitLab = "https://lab.example/shop",
        Jira = "https://jira.example",
        JiraProject = 10_000,
    };

    [TestCase("src/checkout.ts", "src/checkout.ts")]
    [TestCase("webpack://shop/./src/a.ts?1f2e", "src/a.ts")]
    [TestCase("../../src/a b.ts", "src/a%20b.ts")]
    [TestCase("https://shop.example/js/app.js#x", "js/app.js")]
    [TestCase("src/<img>.ts", "src/%3Cimg%3E.ts")]
    [TestCase("C:\\work\\src\\a.ts", "C%3A/work/src/a.ts")]
    [TestCase("a/%2e%2e/b.ts", "a/%252e%252e/b.ts")]
    public void Source_OfAnOwnFrame_LeadsToItsLine(string file, string path) =>
        new SourceLinks(Links, "1.0", "abc/def").Of(Own(file)).Should().Be($"https://git.example/shop/blob/abc%2Fdef/{path}#L118");

    [TestCase("<anonymous>")]
    [TestCase("")]
    [TestCase("https://shop.example")]
    [TestCase("a\nb.ts")]
    [TestCase(null)]
    public void Source_OfAFrameWithoutAPath_IsNone(string? file) => new SourceLinks(Links, null, null).Of(Own(file)).Should().BeNull();

    [Test]
    public void Source_WithoutACommit_TakesWhatStandsBehindTheBar()
    {
        new SourceLinks(Links, null, null).Of(Own("a.ts")).Should().Be("https://git.example/shop/blob/main/a.ts#L118");
        new SourceLinks(Links with { Source = "https://git.example/{release}/{file}" }, null, null).Of(Own("a.ts")).Should().BeNull();
        new SourceLinks(Links, null, null).Of(Own("a.ts") with { InApp = false }).Should().BeNull("a library is not in the repository");
        new SourceLinks(new(), null, null).Of(Own("a.ts")).Should().BeNull();
    }

    [TestCase("javascript:alert(1)//{file}")]
    [TestCase("//git.example/{file}")]
    [TestCase("https://{file}/x")]
    [TestCase("https://git.example{file}")]
    [TestCase("https://user@git.example/{file}")]
    [TestCase("https://git.example/{nothing}")]
    [TestCase("https://git.example/{file")]
    [TestCase("https://git.example/ {file}")]
    [TestCase("https://git.example/only/a/place")]
    [TestCase("data:text/html,{file}")]
    public void Template_ThatLeadsAnywhere_IsRefusedInWords(string source)
    {
        LinksForm.Problems(new ProjectLinks { Source = source }).Should().ContainSingle().Which.Should().StartWith("Source: ");
        LinksForm.Problems(Links).Should().BeEmpty();
    }

    [TestCase("http://x")]
    [TestCase("javascript:alert(1)")]
    [TestCase("https://a.example/?q=1")]
    [TestCase("https://a.example/#x")]
    [TestCase("https://u:p@a.example/")]
    [TestCase("git.example/shop")]
    public void Tracker_ThatIsNoAddress_IsRefused(string address)
    {
        var problems = LinksForm.Problems(new ProjectLinks { GitHub = address });
        problems.Should().HaveCount(address == "http://x" ? 0 : 1);
        LinksForm.Problems(new ProjectLinks { Jira = "https://a.example" }).Should().ContainSingle().Which.Should().Contain("number of the project");
    }

    [Test]
    public void Trackers_EndlessErrors_FitIntoAnAddress()
    {
        var frames = Enumerable.Range(0, 200).Select(n => Own($"src/{new string('é', 200)}{n}.ts")).ToList();
        var error = new ErrorDetail { Type = "TypeError", Message = "```\n{noformat}\n\ud800 " + new string('x', 5_000), Frames = frames };
        var issue = Issue("T" + new string('\u202e', 900));

        var links = TrackerLinks.Of(Links, issue, "https://errors.example/i/SHOP-1", error);

        links.Select(link => link.Name).Should().Equal("GitHub", "GitLab", "Jira");
        links.Should().OnlyContain(link => link.Url.Length <= TrackerLinks.LongestUrl && link.Url.All(c => c > 32 && c < 127 && c != 34));
        Uri.UnescapeDataString(links[0].Url).Should().Contain("https://errors.example/i/SHOP-1").And.Contain("````\nTypeError");
        Uri.UnescapeDataString(links[2].Url).Split("{noformat}").Should().HaveCount(3, "the text cannot end its own block");
    }

    [Test]
    public void Trackers_OfASmallError_TellAllOfIt()
    {
        var error = new ErrorDetail
        {
            Type = "TypeError",
            Message = "x is null",
            Frames = [Own("src/a.ts")],
            Causes = [new() { Type = "Error", Message = "", Frames = [] }],
        };

        var gitHub = Uri.UnescapeDataString(TrackerLinks.Of(Links, Issue("TypeError: x is null"), "https://errors.example/i/SHOP-1", error)[0].Url);

        gitHub.Should().StartWith("https://git.example/shop/issues/new?title=TypeError: x is null&body=https://errors.example/i/SHOP-1")
            .And.Contain("5 events by 3 users since 2026-03-01.").And.Contain("```\nTypeError: x is null\n    at pay (src/a.ts:118:21)\nCaused by: Error\n```");
        TrackerLinks.Of(new(), Issue("x"), "x", error).Should().BeEmpty();
        TrackerLinks.Of(Links, Issue("x"), "x", null).Should().HaveCount(3);
    }

    [Test]
    public void Suspects_TouchedTheStack_TheNearestFirst()
    {
        ReleaseCommit[] commits =
        [
            new("far", null, null, 9, ["web/src/basket.ts"]), new("none", null, null, 8, ["README.md", "other/src/checkout.tsx"]),
            new("near", null, null, 7, ["x", "web/src/checkout.ts"]), new("cause", null, null, 6, ["src/pay.ts"]), new("library", null, null, 5, ["node_modules/react.js"]),
        ];
        var error = new ErrorDetail
        {
            Type = "E",
            Message = "",
            Frames = [Own("src/checkout.ts"), Own("src/react.js") with { InApp = false }, Own("webpack://shop/./src/basket.ts")],
            Causes = [new() { Type = "E", Message = "", Frames = [Own("shop/web/src/pay.ts")] }],
        };

        SuspectCommits.Of(error, commits).Select(suspect => (suspect.Commit.Id, suspect.File)).Should()
            .Equal(("near", "web/src/checkout.ts"), ("far", "web/src/basket.ts"), ("cause", "src/pay.ts"));
        SuspectCommits.Of(new() { Type = "E", Message = "", Frames = [] }, commits).Should().BeEmpty();
    }

    [TestCase("  return (line.price * rate)", 16, "price")]
    [TestCase("a.b", 2, ".")]
    [TestCase("\ud83d\ude00x", 1, "\ud83d\ude00")]
    [TestCase("a b", 2, null)]
    [TestCase("abc", 4, null)]
    [TestCase("abc", 0, null)]
    [TestCase("abc", null, null)]
    public void Mark_OfAColumn_IsTheNameThere(string line, int? column, string? marked) =>
        (SourceMark.Of(line, column) is var (from, to) ? line[from..to] : null).Should().Be(marked);

    [Test]
    public void Mark_OfALineThatMayHaveLostItsBeginning_IsNone()
    {
        SourceMark.Of(new string('x', 200), 180).Should().BeNull();
        SourceMark.Of(new string('x', 200), 100).Should().NotBeNull();
    }

    private static StackFrame Own(string? file) => new() { Function = "pay", File = file, Line = 118, Column = 21, InApp = true };

    private static IssueRow Issue(string title) => new()
    {
        Id = 1,
        ProjectId = 1,
        Title = title,
        Culprit = "",
        Level = "error",
        Class = "ours",
        State = IssueState.Open,
        Count = 5,
        Users = 3,
        FirstSeen = new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds(),
        LastSeen = 0,
        Trend = [],
    };
}
