using System.Text.Json;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Workers.Normalize;

namespace ErrorPipeline.Workers.Tests.Normalize;

/// <summary>
/// Events taken from real browsers (tests/Corpus/collect), and such of other clients (a folder per protocol), and what becomes of them. A wanted change of the results is accepted by
/// running with ACCEPT_CORPUS=1 and reading the difference.
/// </summary>
public class GoldenCorpusTests
{
    private const string Suffix = ".raw.json";
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static string Folder => Path.Combine(Checkout.Root, "tests", "Corpus");

    private static IEnumerable<string> Names => Directory.EnumerateFiles(Folder, "*" + Suffix, SearchOption.AllDirectories).Select(f => Path.GetRelativePath(Folder, f)[..^Suffix.Length]).Order(StringComparer.Ordinal);

    [TestCaseSource(nameof(Names))]
    public void Normalize_EventOfACorpus_GivesWhatWasAccepted(string name)
    {
        var error = new NormalizeStage().Normalize(new()
        {
            ProjectId = 1,
            Protocol = Path.GetDirectoryName(name) is { Length: > 0 } protocol ? protocol : "native",
            Body = File.ReadAllBytes(Path.Combine(Folder, name + Suffix)),
            Occurrences = [new() { EventId = new('0', 32), ReceivedAt = 1_800_000_000_000 }],
        }).Single() with
        { Protocol = null };
        using var document = JsonSerializer.SerializeToDocument(error, ContractsJson.Default.NormalizedError);
        var actual = JsonSerializer.Serialize(document, Readable) + "\n";
        var path = Path.Combine(Folder, name + ".expected.json");
        if (Environment.GetEnvironmentVariable("ACCEPT_CORPUS") == "1")
            File.WriteAllText(path, actual);

        actual.Should().Be(File.ReadAllText(path));
    }
}
