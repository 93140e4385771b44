using System.Text;
using ErrorPipeline.Shared.SourceMaps;

namespace ErrorPipeline.Shared.Tests.SourceMaps;

public class SourceMapUrlTests
{
    [TestCase("a();\n//# sourceMappingURL=app.js.map", "app.js.map")]
    [TestCase("a();\n//@ sourceMappingURL=app.js.map\n", "app.js.map")]
    [TestCase("a(); //# sourceMappingURL=app.js.map \r\n", "app.js.map")]
    [TestCase("a();\n/*# sourceMappingURL=app.css.map */", "app.css.map")]
    [TestCase("//# sourceMappingURL=one.map\n//# sourceMappingURL=two.map", "two.map")]
    [TestCase("//# sourceMappingURL=one.map\na();", null)]
    [TestCase("//# sourceMappingURL=one.map\n// end\n", "one.map")]
    [TestCase("//# sourceMappingURL=one.map\n/* end */ a()", null)]
    [TestCase("//# sourceMappingURL=two words", null)]
    [TestCase("// sourceMappingURL=app.js.map", null)]
    [TestCase("let a = `\n//# sourceMappingURL=foo.js.map\n//`", "foo.js.map")]
    [TestCase("/* open\n//# sourceMappingURL=foo.js.map\n", "foo.js.map")]
    [TestCase("a\u2028//# sourceMappingURL=foo.js.map\u2029", "foo.js.map")]
    [TestCase("/*a*//*# sourceMappingURL=x.map*/", "x.map")]
    [TestCase("//# sourceMappingURL=", "")]
    [TestCase("a()", null)]
    public void Finder_OnAScript_FollowsTheStandard(string script, string? expected) =>
        SourceMapUrl.Find(script).Should().Be(expected);

    [TestCase("a()\n//# debugId=85314830-023f-4cf1-a267-535f4e37bb17\n//# sourceMappingURL=a.js.map", "85314830-023f-4cf1-a267-535f4e37bb17")]
    [TestCase("a()\n//# debugId=85314830023F4CF1A267535F4E37BB17", "85314830-023f-4cf1-a267-535f4e37bb17")]
    [TestCase("//# debugId=85314830-023f-4cf1-a267-535f4e37bb17\n//# debugId=no", "85314830-023f-4cf1-a267-535f4e37bb17")]
    [TestCase("a()\n# debugId=85314830-023f-4cf1-a267-535f4e37bb17", null)]
    [TestCase("//# debugId=", null)]
    public void DebugId_OfAScript_IsItsLastComment(string script, string? expected) =>
        (DebugId.OfGeneratedFile(Encoding.UTF8.GetBytes(script))?.ToString()).Should().Be(expected);
}
