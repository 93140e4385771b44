using System.Text.Json;

namespace ErrorPipeline.Micro;

/// <summary>What every contender works on.</summary>
/// <param name="Code">A bundle.</param>
/// <param name="Map">Its source map.</param>
/// <param name="Stacks">Of real browsers, with their messages.</param>
/// <param name="Agents">User agents.</param>
internal sealed record Inputs(string Code, byte[] Map, IReadOnlyList<Thrown> Stacks, IReadOnlyList<string> Agents)
{
    public const int Lookups = 200_000;

    /// <summary>For the benchmarks, which are made by the library that runs them.</summary>
    public static Inputs Current { get; set; } = null!;

    /// <summary>The stacks that real browsers gave.</summary>
    public static IReadOnlyList<Thrown> StacksOf(string corpus) =>
    [
        .. Directory.EnumerateFiles(corpus, "*.raw.json").Where(file => Path.GetFileName(file).StartsWith("chromium-", StringComparison.Ordinal) || Path.GetFileName(file).StartsWith("firefox-", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal).Select(file => JsonSerializer.Deserialize<Thrown>(File.ReadAllBytes(file), JsonSerializerOptions.Web)!)
            .Where(thrown => thrown.Stack?.Contains('\n', StringComparison.Ordinal) == true),
    ];

    /// <summary>Random places of the bundle, each character as likely as any other, by a linear congruential generator that both languages compute alike.</summary>
    public (int[] Lines, int[] Columns) Places()
    {
        var starts = new List<int> { 0 };
        for (var i = 0; i < Code.Length; i++)
        {
            if (Code[i] == '\n')
                starts.Add(i + 1);
        }

        int[] lines = new int[Lookups], columns = new int[Lookups];
        var state = 426u;
        for (var i = 0; i < Lookups; i++)
        {
            var at = (int)((state = Next(state)) % (uint)Code.Length);
            var line = starts.BinarySearch(at);
            lines[i] = line < 0 ? ~line - 1 : line;
            columns[i] = at - starts[lines[i]];
        }

        return (lines, columns);
    }

    private static uint Next(uint state) => unchecked((state * 1664525u) + 1013904223u);
}

internal sealed record Thrown(string? Message, string? Stack);
