using System.Text.Json;
using ErrorPipeline.Workers.Normalize.Stacks;

namespace ErrorPipeline.Micro;

/// <summary>The same work as js/stacks.mjs: every stack of a file, parsed from its string.</summary>
internal static class StackRun
{
    public const int Rounds = 101;

    /// <summary>The stacks that real browsers gave, as one JSON array of { message, stack }.</summary>
    public static int Collect(string corpus, string file)
    {
        var stacks = Directory.EnumerateFiles(corpus, "*.raw.json").Where(f => Path.GetFileName(f).StartsWith("chromium-", StringComparison.Ordinal) || Path.GetFileName(f).StartsWith("firefox-", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal).Select(f => JsonSerializer.Deserialize<Thrown>(File.ReadAllBytes(f), JsonSerializerOptions.Web)!).Where(t => t.Stack?.Contains('\n', StringComparison.Ordinal) == true).ToList();
        File.WriteAllBytes(file, JsonSerializer.SerializeToUtf8Bytes(stacks, JsonSerializerOptions.Web));
        return stacks.Count;
    }

    /// <summary>Microseconds a stack.</summary>
    public static double Measure(string file)
    {
        var stacks = JsonSerializer.Deserialize<List<Thrown>>(File.ReadAllBytes(file), JsonSerializerOptions.Web)!;
        var frames = 0;
        var pass = Timing.Median(Rounds, () =>
        {
            frames = 0;
            foreach (var thrown in stacks)
                frames += StackParser.Parse(null, null, thrown.Stack).Frames.Count;
        });
        return frames == 0 ? throw new InvalidOperationException("no frame was read") : pass * 1000 / stacks.Count;
    }

    private sealed record Thrown(string? Message, string? Stack);
}
