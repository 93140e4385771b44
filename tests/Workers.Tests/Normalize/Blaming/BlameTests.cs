using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Workers.Normalize.Blaming;
using ErrorPipeline.Workers.Normalize.Messages;
using ErrorPipeline.Workers.Normalize.Stacks;

namespace ErrorPipeline.Workers.Tests.Normalize.Blaming;

public class BlameTests
{
    private const string Page = "https://shop.test/cart";
    private const string Own = "at pay (https://shop.test/app.js:1:2)";

    private static readonly IReadOnlySet<string> NoSites = new HashSet<string>();

    private static Blame Of(string message, string stack, string? page = Page, string type = "TypeError", IReadOnlySet<string>? sites = null, params string[] files)
    {
        var frames = StackParser.Parse(type, message, stack).Frames;
        return Blame.OfError(type, message, CanonicalMessage.Of(message), frames) ?? Blame.OfPage(frames, page, sites ?? NoSites, files);
    }

    [TestCase("the site's own script", Own, "ours")]
    [TestCase("a script inline in the page", "at https://shop.test/cart:10:5", "ours")]
    [TestCase("a sister host", "at f (https://static.shop.test/x.js:1:2)", "ours")]
    [TestCase("another's script", "at f (https://widgets.test/w.js:1:2)", "third_party")]
    [TestCase("another's script, called by the site", "at f (https://widgets.test/w.js:1:2)\nat g (https://shop.test/y.js:1:2)", "ours")]
    [TestCase("a tag manager", "at f (https://www.googletagmanager.com/gtm.js:1:2)", "third_party")]
    [TestCase("Chrome's extension over the site", "at f (chrome-extension://abc/x.js:1:2)\n" + Own, "extension")]
    [TestCase("Firefox's extension", "f@moz-extension://b2c1/content.js:1:2", "extension")]
    [TestCase("Safari's web extension", "f@safari-web-extension://8A2F/content.js:1:2", "extension")]
    [TestCase("Safari's old extension", "f@safari-extension://com.x/y.js:1:2", "extension")]
    [TestCase("an address that Safari hides", "f@webkit-masked-url://hidden/:1:2", "extension")]
    [TestCase("below an engine's frame", "at Array.map (<anonymous>)\nat f (moz-extension://abc/x.js:1:2)", "extension")]
    [TestCase("Tampermonkey", "at f (chrome-extension://dhdg/userscript.html?name=Dark%20mode.user.js&id=1:3:4)", "extension")]
    [TestCase("a user script by its own name", "f@https://scripts.test/better-shop.user.js:4:2", "extension")]
    [TestCase("the translator", "at c (https://translate.googleapis.com/_/translate_http/_/js/k=x/m=y:1:2)", "injected")]
    [TestCase("Kaspersky", "at t (https://gc.kis.v2.scr.kaspersky-labs.com/FD126C42/main.js:5:9)", "injected")]
    [TestCase("the browser itself", "f@resource://gre/modules/x.sys.mjs:1:2", "injected")]
    [TestCase("a console, or a web view's evaluation", "at <anonymous>:1:1", "unknown")]
    [TestCase("nothing", "", "unknown")]
    public void Frames_TellWhoseItIs(string why, string stack, string expected)
    {
        var blame = Of("x is not a function", stack);

        blame.Class.Should().Be(expected, why);
        blame.Evidence.Should().NotBeEmpty();
    }

    [TestCase("Can't find variable: _AutofillCallbackHandler", "global code@https://shop.test/cart:12:33", "injected")]
    [TestCase("undefined is not an object (evaluating 'window.webkit.messageHandlers')", "sendPageInfo@https://shop.test/cart:1:20", "injected")]
    [TestCase("undefined is not an object (evaluating '__gCrWeb.instantSearch.setEnabled')", "", "injected")]
    [TestCase("Error invoking enableButtonsClickedMetaDataLogging: Java object is gone", "", "injected")]
    [TestCase("null is not an object", "instantSearchSDKJSBridgeClearHighlight@https://shop.test/cart:3:1", "injected")]
    [TestCase("ReferenceError: Can't find variable: zaloJSV2", "", "injected")]
    [TestCase("Extension context invalidated.", "", "extension")]
    [TestCase("Could not establish connection. Receiving end does not exist.", "", "extension")]
    [TestCase("undefined is not an object (evaluating 'window.webkit.messageHandlers.pay')", "pay@https://shop.test/bundle.js:1:20", "ours")]
    [TestCase("Cannot read properties of undefined (reading 'ethereum')", "at connect (https://shop.test/wallet.mjs:1:2)", "ours")]
    public void Names_OfCodePutIn_CountOnlyOutsideOfTheSitesBundles(string message, string stack, string expected) => Of(message, stack).Class.Should().Be(expected);

    [TestCase("Failed to fetch")]
    [TestCase("Failed to fetch (api.shop.test)")]
    [TestCase("Load failed")]
    [TestCase("NetworkError when attempting to fetch resource.")]
    [TestCase("Network Error")]
    [TestCase("The network connection was lost.")]
    [TestCase("Loading chunk 7 failed.\n(error: https://shop.test/7.js)")]
    [TestCase("Failed to fetch dynamically imported module: https://shop.test/a.js")]
    [TestCase("error loading dynamically imported module: https://shop.test/a.js")]
    [TestCase("Importing a module script failed.")]
    [TestCase("The operation was aborted.")]
    [TestCase("timeout of 1000ms exceeded")]
    public void Message_OfAFailedRequest_IsNetwork(string message) => Of(message, Own).Class.Should().Be("network");

    [Test]
    public void FailedRequest_ThroughAnExtensionThatWrapsFetch_IsTheNetworks() =>
        Of("Failed to fetch", "at window.fetch (chrome-extension://abc/hook.js:1:2)\n" + Own).Class.Should().Be("network");

    [Test]
    public void FailedRequest_OfAnExtensionAlone_IsTheExtensions() =>
        Of("Failed to fetch", "at send (chrome-extension://abc/hook.js:1:2)").Class.Should().Be("extension");

    [Test]
    public void AllowedOriginsAndRules_MakeOtherHostsTheProjects()
    {
        const string Cdn = "at f (https://assets.cdn.test/shop/x.js:1:2)";
        Of("m", Cdn).Class.Should().Be("third_party");
        Of("m", Cdn, sites: new HashSet<string> { "cdn.test" }).Class.Should().Be("ours");
        Of("m", Cdn, files: "https://assets.cdn.test/shop/x.js").Should().BeEquivalentTo(new { Class = "ours" }).And.Subject.As<Blame>().Evidence.Should().Contain("rule");
    }

    [Test]
    public void ScriptError_WithoutAStack_IsAThirdParties() => Of("Script error.", "").Evidence.Should().Contain("crossorigin");

    [Test]
    public void Rows_OfTheTable_AreFoundByThemselves()
    {
        foreach (var row in BlameTable.Files)
        {
            var file = row.Anywhere ? $"https://x.test/{row.Text}/f" : $"{row.Text}//x/f.js";
            Blame.OfError("Error", "m", "m", [new StackFrame { File = file }])!.Class.Should().Be(row.Class, row.Text);
        }

        foreach (var row in BlameTable.Names)
            Blame.OfError("Error", $"a {row.Text} b", "m", [])!.Class.Should().Be(row.Class, row.Text);
        foreach (var start in BlameTable.RequestMessages)
            Blame.OfError("Error", start, "m", [])!.Class.Should().Be("network", start);
    }
}
