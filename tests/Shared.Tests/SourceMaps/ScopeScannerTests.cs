using ErrorPipeline.Shared.SourceMaps;

namespace ErrorPipeline.Shared.Tests.SourceMaps;

public class ScopeScannerTests
{
    /// <summary>The place asked for is where @@ stands.</summary>
    [TestCase("function total(items) {\n  return @@items.price;\n}", "total")]
    [TestCase("async function load() { await @@fetch(); }", "load")]
    [TestCase("function* walk() { yield @@1; }", "walk")]
    [TestCase("export default function () { @@x(); }", null)]
    [TestCase("const a = function () { @@x(); };", "a")]
    [TestCase("const a = function b() { @@x(); };", "b")]
    [TestCase("const a = () => { @@x(); };", "a")]
    [TestCase("const a = async (b, c) => @@b(c);", "a")]
    [TestCase("const a = b => @@b.c;", "a")]
    [TestCase("const a: Handler<string> = (e: Event): void => { @@x(); }", "a")]
    [TestCase("let o = { run() { @@x(); } };", "run")]
    [TestCase("let o = { run: function () { @@x(); } };", "run")]
    [TestCase("let o = { run: async () => { @@x(); } };", "run")]
    [TestCase("let o = { get size() { return @@x; } };", "size")]
    [TestCase("class Cart { constructor(a) { @@x(); } }", "Cart")]
    [TestCase("class Cart extends mix(Base) { constructor(a) { @@x(); } }", "Cart")]
    [TestCase("class Cart { static async #pay<T>(a: T): Promise<void> { @@x(); } }", "#pay")]
    [TestCase("class Cart { pay = () => { @@x(); } }", "pay")]
    [TestCase("class Cart {\n  total: number\n  pay = () => { @@x(); } }", "pay")]
    [TestCase("a.b.c = function () { @@x(); };", "c")]
    [TestCase("function a() { list.map(function () { @@x(); }); }", null)]
    [TestCase("function a() { list.map(i => i.x); @@x(); }", "a")]
    [TestCase("function a() { list.map(i => ({ i, b: 1 })); if (x) { for (;;) { @@x(); } } }", "a")]
    [TestCase("const f = x => x + 1\nconst y = @@z()", null)]
    [TestCase("function a() { } @@x();", null)]
    [TestCase("function a() { const s = \"}\"; const t = '{'; const u = `}${ `}` }`; @@x(); }", "a")]
    [TestCase("function a() { const r = /[}/]\\/}/g; return b / c / @@d; }", "a")]
    [TestCase("function a() { // }\n /* } */ @@x(); }", "a")]
    [TestCase("function App() { return <p>Don't {panic()} <a href=\"/x\">it's</a><br/>{@@x()}</p>; }", "App")]
    [TestCase("function App() { return <button onClick={() => { @@x(); }}>Go</button>; }", null)]
    [TestCase("function a(b = () => 1, { c } = {}) { @@x(); }", "a")]
    [TestCase("function a() { return b ? c(d) : { e: @@f }; }", "a")]
    [TestCase("function a() { switch (b) { case c(d): { @@x(); } } }", "a")]
    [TestCase("function a() { try { b(); } catch { @@x(); } }", "a")]
    [TestCase("function a<K, V>(k: K): Map<K, V> { @@x(); }", "a")]
    public void Scanner_AtAPlace_NamesTheFunctionAroundIt(string marked, string? expected)
    {
        var at = marked.IndexOf("@@", StringComparison.Ordinal);
        var line = marked[..at].Count(c => c == '\n');
        var column = at - (marked[..at].LastIndexOf('\n') + 1);

        ScopeScanner.TryFind(marked.Replace("@@", "", StringComparison.Ordinal), line, column, out var name).Should().BeTrue();

        name.Should().Be(expected);
    }

    [TestCase("function a() { ) x(); }", 20)]
    [TestCase("}", 1)]
    public void Scanner_WhereBracketsDoNotFit_GivesUp(string text, int column) =>
        ScopeScanner.TryFind(text, 0, column, out _).Should().BeFalse();

    [Test]
    public void Scanner_OnDeepNesting_EndsInLinearTime()
    {
        var text = new string('(', 500_000) + new string(')', 500_000);
        ScopeScanner.TryFind(text, 0, text.Length, out _).Should().BeFalse();
    }
}
