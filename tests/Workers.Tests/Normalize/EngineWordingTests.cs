using System.Text.Json;
using ErrorPipeline.Workers.Normalize.Fingerprints;
using ErrorPipeline.Workers.Normalize.Messages;
using ErrorPipeline.Workers.Normalize.Stacks;

namespace ErrorPipeline.Workers.Tests.Normalize;

/// <summary>What a real Chromium and a real Firefox say of the same faults (tests/Corpus, collected by ./dev golden).</summary>
public class EngineWordingTests
{
    /// <summary>The two tell of different things, or one of them keeps quiet about the only thing that the other tells.</summary>
    private static readonly Dictionary<string, string> DifferentFaults = new(StringComparer.Ordinal)
    {
        ["instanceof of object"] = "Firefox says what it says of any call of what is no function",
        ["syntax"] = "Firefox says what was missing, Chromium what was there",
        ["play source"] = "Firefox refuses to play before it looks at the source",
        ["import scripts"] = "the case joins the type to the message, which engines do not do",
    };

    private static readonly Dictionary<string, string> DifferentIssues = new(StringComparer.Ordinal)
    {
        ["computed-method"] = "a method named 'a b(c)': Firefox 3 wrote arguments like that",
        ["wasm"] = "Firefox places the frame where the module was made, Chromium in the module",
    };

    private static readonly string Folder = Path.Combine(Checkout.Root, "tests", "Corpus");

    [Test]
    public void CanonicalMessage_OfTheSameFaultInTwoBrowsers_IsOne()
    {
        var (chromium, firefox) = (Wordings("chromium"), Wordings("firefox"));
        var both = chromium.Keys.Intersect(firefox.Keys).ToList();
        var apart = both.Where(fault => Template(chromium[fault]) != Template(firefox[fault])).ToList();

        TestContext.Out.WriteLine($"wordings: {both.Count - apart.Count} of {both.Count} faults have one canonical form");
        both.Should().HaveCountGreaterThan(100);
        apart.Select(fault => $"{fault}: {Template(chromium[fault])} | {Template(firefox[fault])}").Where(line => !DifferentFaults.ContainsKey(line[..line.IndexOf(':')])).Should().BeEmpty();
        DifferentFaults.Keys.Should().BeSubsetOf(apart, "what has become one is no exception any more");
    }

    [Test]
    public void ErrorTokens_OfTheSameErrorInTwoBrowsers_AreOne()
    {
        var names = Directory.EnumerateFiles(Folder, "chromium-*.raw.json").Select(file => Path.GetFileName(file)[9..^9]).Order(StringComparer.Ordinal).ToList();
        var apart = names.Select(name => (Name: name, Chromium: Tokens("chromium", name), Firefox: Tokens("firefox", name))).Where(pair => pair.Chromium != pair.Firefox).ToList();

        TestContext.Out.WriteLine($"errors: {names.Count - apart.Count} of {names.Count} are one issue in both browsers");
        names.Should().HaveCountGreaterThan(40);
        apart.Where(pair => !DifferentIssues.ContainsKey(pair.Name)).Select(pair => $"{pair.Name}:\n{pair.Chromium}\n{pair.Firefox}").Should().BeEmpty();
        DifferentIssues.Keys.Should().BeSubsetOf(apart.Select(pair => pair.Name), "what has become one is no exception any more");
    }

    private static string Tokens(string browser, string name)
    {
        using var raw = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, $"{browser}-{name}.raw.json")));
        string? Text(string field) => raw.RootElement.TryGetProperty(field, out var value) ? value.GetString() : null;
        var (type, message) = (Text("type")!, Text("message")!);
        return string.Join('\n', FingerprintV1.ErrorTokens(type, Template(message), StackParser.Parse(type, message, Text("stack")).Frames));
    }

    private static string Template(string message) => MessageTemplate.Of(CanonicalMessage.Of(message));

    private static Dictionary<string, string> Wordings(string browser) =>
        JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllBytes(Path.Combine(Folder, "messages", browser + ".json")))!;
}
