using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Workers.Normalize.Fingerprints;
using ErrorPipeline.Workers.Normalize.Stacks;

namespace ErrorPipeline.Workers.Tests.Normalize;

/// <summary>Fences of v1: whoever breaks one splits or joins issues of every installation, and should write a v2.</summary>
public class FingerprintTests
{
    private static IReadOnlyList<string> Tokens(string stack, string template = "m", string type = "TypeError") =>
        FingerprintV1.ErrorTokens(type, template, StackParser.Parse(null, null, stack).Frames);

    [TestCase("/static/js/main.3f2a1b9c.js", "https://a.test/static/js/main.3f2a1b9c.js?v=2", "/static/js/main.*.js")]
    [TestCase("vite", "https://a.test/assets/index-BdX3kQ9z.js", "/assets/index-*.js")]
    [TestCase("letters only", "https://a.test/assets/index-BdXkQAzZ.js", "/assets/index-*.js")]
    [TestCase("words stay", "https://a.test/js/MyButton.js", "/js/MyButton.js")]
    [TestCase("words stay", "https://a.test/js/jquery-migrate.min.js", "/js/jquery-migrate.min.js")]
    [TestCase("next", "https://a.test/_next/static/chunks/pages/_app-0123456789abcdef.js", "/_next/static/chunks/pages/_app-*.js")]
    [TestCase("version", "https://a.test/app/1.2.3/x.js", "/app/*/x.js")]
    [TestCase("chunk number", "https://a.test/js/102.js", "/js/*.js")]
    [TestCase("webpack", "webpack://shop/./src/a.ts?1f2e", "/src/a.ts")]
    [TestCase("blob", "blob:https://a.test/8f14e45f-ceea-467f-a9a0-2b3c4d5e6f70", "blob")]
    [TestCase("page", "https://a.test/products/4711", "/products/*")]
    [TestCase("origin only", "https://a.test", "/")]
    [TestCase("rollup", "https://a.test/assets/vendor-DkW2xY7q.js#x", "/assets/vendor-*.js")]
    [TestCase("esbuild", "https://a.test/chunk-5QTFJ2YZ.js", "/chunk-*.js")]
    [TestCase("webpack contenthash", "https://a.test/static/js/2.8d1c0f3a.chunk.js", "/static/js/*.*.chunk.js")]
    [TestCase("angular", "https://a.test/main-es2015.1a2b3c4d5e6f7a8b9c0d.js", "/main-es2015.*.js")]
    [TestCase("rails", "https://a.test/assets/application-908e25f4bf641868d8683022a5b62f54.js", "/assets/application-*.js")]
    public void FrameFile_WhatADeploymentChanges_IsLeftOut(string why, string file, string expected) => FrameFile.Stable(file).Should().Be(expected, why);

    [TestCase("async Object.run [as onclick]", "run")]
    [TestCase("async*App.prototype.run", "run")]
    [TestCase("new Widget", "Widget")]
    [TestCase("run", "run")]
    [TestCase("outer/inner/<", "?")]
    [TestCase("HTMLButtonElement.<anonymous>", "?")]
    [TestCase("module code", "?")]
    [TestCase(null, "?")]
    public void FrameFunction_NamesOfEngines_AreOne(string? function, string expected) => FrameFunction.Stable(function).Should().Be(expected);

    [Test]
    public void ErrorTokens_SameFaultInThreeEngines_AreEqual()
    {
        var v8 = Tokens("TypeError: x\n    at Cart.add (https://a.test/app.js:1:2)\n    at HTMLButtonElement.<anonymous> (https://a.test/app.js:9:8)\n    at Array.map (<anonymous>)\n    at async load (https://a.test/b.js:1:1)");
        var gecko = Tokens("add@https://a.test/app.js:1:7\nsetup/<@https://a.test/app.js:9:3\nasync*load@https://a.test/b.js:1:1");
        var jsc = Tokens("add@https://a.test/app.js:1:5\n@https://a.test/app.js:9:1\nmap@[native code]");

        gecko.Should().Equal(v8);
        jsc.Should().Equal(v8);
        v8.Should().Equal("type: TypeError", "message: m", "frame: add in /app.js", "frame: ? in /app.js");
    }

    [Test]
    public void ErrorTokens_RebuildAndDepthOfRecursion_ChangeNothing()
    {
        var before = Tokens("at fold (https://a.test/main.3f2a1b9c.js:1:2)\nat fold (https://a.test/main.3f2a1b9c.js:1:2)\nat grow (https://a.test/main.3f2a1b9c.js:3:4)");
        var after = Tokens("at fold (https://cdn.test/main.0099ffee.js?v=2:7:2)\nat fold (https://cdn.test/main.0099ffee.js?v=2:7:2)\nat fold (https://cdn.test/main.0099ffee.js?v=2:7:2)\nat grow (https://cdn.test/main.0099ffee.js?v=2:9:4)");

        after.Should().Equal(before);
    }

    [Test]
    public void ErrorTokens_OtherFunction_Differ() =>
        Tokens("at load (https://a.test/x.js:1:2)").Should().NotEqual(Tokens("at save (https://a.test/x.js:1:2)"));

    [Test]
    public void ErrorTokens_NamesOfAMinifier_DoNotSplitIssuesAtARebuild()
    {
        var before = Tokens("at e (https://a.test/main.3f2a1b9c.js:1:200)\nat t.render (https://a.test/main.3f2a1b9c.js:1:900)\nat Qn (https://a.test/main.3f2a1b9c.js:1:4000)");
        var after = Tokens("at o (https://a.test/main.0099ffee.js:1:230)\nat n.render (https://a.test/main.0099ffee.js:1:950)\nat a$1 (https://a.test/main.0099ffee.js:1:4100)");

        after.Should().Equal(before).And.Contain("frame: render in /main.*.js");
    }

    [TestCase("/main.*.js", 1, true)]
    [TestCase("/js/app.min.js", 1, true)]
    [TestCase("/app.js", 4000, true)]
    [TestCase("/app.js", 40, false)]
    [TestCase("/products/*", 40, false)]
    [TestCase("/app.js", null, false)]
    public void FrameFile_OfABundler_IsTold(string stable, int? column, bool expected) => FrameFile.IsBuilt(stable, column).Should().Be(expected);

    [Test]
    public void ErrorTokens_ShortNameInAFileThatSomebodyWrote_Counts() =>
        Tokens("at f (https://a.test/x.js:1:2)").Should().Contain("frame: f in /x.js");

    [TestCase("e", "?")]
    [TestCase("Qn", "?")]
    [TestCase("t.$", "?")]
    [TestCase("aB1", "?")]
    [TestCase("a$1", "?")]
    [TestCase("run", "run")]
    [TestCase("Map", "Map")]
    [TestCase("async t.pay", "pay")]
    [TestCase("load", "load")]
    public void FrameFunction_AsRun_LeavesOutWhatOnlyAMinifierCallsIt(string function, string expected) => FrameFunction.StableAsRun(function).Should().Be(expected);

    [Test]
    public void ErrorTokens_ShortNameThatASourceMapTold_Counts() => FingerprintV1.ErrorTokens(
        "TypeError", "m", [new() { Function = "cb", File = "src/a.ts", InApp = true, Generated = new("https://a.test/a.js", 1, 2, "e") }])[^1].Should().Be("frame: cb in src/a.ts");

    [Test]
    public void Notes_OfAnError_SayWhatWasLeftOutAndWhatWasMadeEqual()
    {
        var notes = new GroupingNotes();
        FingerprintV1.ErrorTokens("TypeError", "m", StackParser.Parse(null, null, """
            at e (https://a.test/js/main.3f2a1b9c.js:1:2)
            at Array.map (<anonymous>)
            at hook (https://unpkg.com/react-dom.js:3:4)
            at Cart.fold (https://a.test/js/main.3f2a1b9c.js:1:9)
            at Cart.fold (https://a.test/js/main.3f2a1b9c.js:1:9)
            at async load (https://a.test/js/main.3f2a1b9c.js:1:9)
            """).Frames, notes);

        notes.ToList().Should().Equal(
            "/js/main.3f2a1b9c.js counts as /js/main.*.js: the rest changes with builds and visits.",
            "e counts as ?: a name that short is the minifier's, and another in the next build.",
            "Left out: Array.map in <anonymous>, which is not your own code.",
            "Left out: hook in /react-dom.js, which is not your own code.",
            "Cart.fold counts as fold: browsers name it differently.",
            "Counted once: fold in /js/main.*.js, which repeats.",
            "Left out: frames from before an await, which not every browser tells.");
    }

    [Test]
    public void Notes_WhereNothingWasChanged_AreNone() => GroupingNotes.Of(new("v1", "f", ["a"]), ["a"], []).Should().BeNull();

    [Test]
    public void Regroup_TokensOfTheErrorThatChanged_KeepsWhatTheSiteAdded()
    {
        var was = FingerprintV1.Group(["type: A", "frame: ? in /a.js"], ["{{ default }}", "eu"], "A", null);
        var now = FingerprintV1.Group(["type: A", "frame: pay in src/a.ts"], ["{{ default }}", "eu"], "A", null);

        FingerprintV1.Regroup(was, ["type: A", "frame: ? in /a.js"], ["type: A", "frame: pay in src/a.ts"]).Should().BeEquivalentTo(now);
        FingerprintV1.Regroup(was, ["type: B"], ["type: C"]).Should().BeSameAs(was);
        FingerprintV1.Regroup(was with { Fingerprint = "of cut tokens" }, ["type: A", "frame: ? in /a.js"], ["type: C"]).Should().BeEquivalentTo(was with { Fingerprint = "of cut tokens" });
        FingerprintV1.Regroup(was with { Version = "v2" }, ["type: A", "frame: ? in /a.js"], ["type: C"]).Version.Should().Be("v2");
    }

    [Test]
    public void Group_KnownTokens_GiveTheFrozenHash()
    {
        var group = FingerprintV1.Group(["type: TypeError", "message: x is not a function", "frame: run in /app.js"], [], "TypeError", null);

        group.Should().BeEquivalentTo(new { Version = "v1", Fingerprint = "6b2c6d4d6dbfaa13044527e18a96dafb" });
    }

    [Test]
    public void Group_ClientFingerprint_WinsAndMayHoldOurs()
    {
        FingerprintV1.Group(["type: A"], ["checkout"], "A", "p").Tokens.Should().Equal("client: checkout");
        FingerprintV1.Group(["type: A"], ["{{ default }}", "eu"], "A", "p").Tokens.Should().Equal("type: A", "client: eu");
    }

    [Test]
    public void Group_ErrorThatSaysNothing_FallsBackToThePage() =>
        FingerprintV1.Group([], [], "Error", "https://a.test/p").Tokens.Should().Equal("type: Error", "page: https://a.test/p");

    [Test]
    public void Headline_LongMessage_IsOneLineOf200()
    {
        var title = Headline.Title("Error", new string('x', 500) + "\nsecond");

        title.Should().HaveLength(200).And.StartWith("Error: xxx").And.EndWith("…");
        Headline.Title("TypeError", "a\nb").Should().Be("TypeError: a");
        Headline.Title("TypeError", "").Should().Be("TypeError");
    }

    [Test]
    public void Headline_Culprit_IsTheNewestInAppFrame() => Headline.Culprit(
        [new() { Function = "map", File = "<anonymous>" }, new() { Function = "run", File = "https://a.test/js/x.js?v=1", InApp = true }]).Should().Be("run in /js/x.js");
}
