using System.Globalization;
using ErrorPipeline.Load.Parts;

namespace ErrorPipeline.Load;

/// <summary>What the command line asks for.</summary>
/// <param name="Seconds">Of each round.</param>
/// <param name="Minutes">Of full load before memory is read.</param>
internal sealed record Plan(IReadOnlyList<string> Parts, bool Quick, bool Writes, int Rounds, int Seconds, int Minutes)
{
    public TimeSpan WarmUp => TimeSpan.FromSeconds(Quick ? 2 : Math.Min(20, 4 * Seconds));

    public TimeSpan Duration => TimeSpan.FromSeconds(Seconds);

    /// <summary>This plan as one part follows it.</summary>
    public Plan For(Part part) => part.MostSeconds is { } most ? this with { Seconds = Math.Min(Seconds, most) } : this;

    public bool Wants(Part part) => Parts.Count > 0 ? Parts.Contains(part.Name)
        : part.Occasion == Occasion.Quick || (part.Occasion == Occasion.Usual && !Quick);

    /// <summary>The first line of every table.</summary>
    public string Machine(bool rounds)
    {
        var what = rounds ? $"Medians, in brackets the extremes, of {Rounds} alternated rounds of {Seconds} s" : "One run";
        return string.Create(CultureInfo.InvariantCulture,
            $"{what} on two cores ({Processor()}), which clients, Redis and all processes share. {TimeProvider.System.GetUtcNow():yyyy-MM-dd}.");
    }

    /// <summary>Null, having said why, where the arguments make no sense.</summary>
    public static Plan? Read(string[] args, IEnumerable<string> parts)
    {
        var known = parts.ToHashSet(StringComparer.Ordinal);
        var (chosen, quick, writes) = (new List<string>(), false, true);
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < args.Length; i++)
        {
            if (args[i] == "quick")
                quick = true;
            else if (args[i] == "--no-write")
                writes = false;
            else if (known.Contains(args[i]))
                chosen.Add(args[i]);
            else if (args[i] is not ("--rounds" or "--seconds" or "--minutes"))
                return Refuse($"'{args[i]}' is none of quick, {string.Join(", ", known)}, --rounds, --seconds, --minutes, --no-write");
            else if (i + 1 >= args.Length || !int.TryParse(args[i + 1], CultureInfo.InvariantCulture, out var number) || number is < 1 or > 120)
                return Refuse($"{args[i]} takes a number from 1 to 120");
            else
                numbers[args[i++]] = number;
        }

        return new(chosen, quick, writes && !quick, numbers.GetValueOrDefault("--rounds", quick ? 1 : 5), numbers.GetValueOrDefault("--seconds", quick ? 3 : 6), numbers.GetValueOrDefault("--minutes", 1));
    }

    private static Plan? Refuse(string why)
    {
        Console.Error.WriteLine($"bench: {why}");
        return null;
    }

    private static string Processor() => File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() ?? "unknown";
}
