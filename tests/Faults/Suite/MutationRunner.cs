using System.Text;
using ErrorPipeline.Rigs;
using ErrorPipeline.Shared.Hosting;

namespace ErrorPipeline.Faults.Suite;

/// <summary>
/// Runs a case of this very build in a process of its own, once for each guard without that guard. A suite that passes then proves nothing of it.
/// </summary>
internal static class MutationRunner
{
    public const string Begin = "<!-- made by ./dev faults: guards -->";
    public const string End = "<!-- end of the guards -->";
    private const int Tries = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <param name="Noticed">The words of the case that failed; null where it passed.</param>
    /// <param name="Otherwise">What came of the last try where it is not that.</param>
    public sealed record Result(Mutation Mutation, string? Noticed, string Otherwise = "");

    public static async Task<IReadOnlyList<Result>> RunAsync(string which, int seed, int tracks, Action<string> say, CancellationToken cancel)
    {
#if !MUTATIONS
        throw new InvalidOperationException($"this build has all its guards: build configuration Mutations and run that, as ./dev faults does ({nameof(Guard)})");
#else
        var chosen = Mutation.All.Where(m => m.Guard.Contains(which, StringComparison.Ordinal)).ToList();
        await ControlAsync(seed, say);
        var results = new Result[chosen.Count];
        await Parallel.ForAsync(0, chosen.Count, new ParallelOptions { MaxDegreeOfParallelism = tracks, CancellationToken = cancel }, async (i, _) =>
        {
            results[i] = await RunAsync(chosen[i], seed);
            say($"without {chosen[i].Guard}: {(results[i].Noticed is { } words ? $"noticed: {words}" : $"NOT NOTICED: {results[i].Otherwise}")}");
        });
        return results;
#endif
    }

    /// <param name="results">Of this run.</param>
    /// <param name="before">What the page says already: the rows of other guards are taken over.</param>
    public static string Markdown(IReadOnlyList<Result> results, string before)
    {
        var text = new StringBuilder("| without the guard | which sees to it that | fails | because |\n|---|---|---|---|\n");
        foreach (var mutation in Mutation.All)
        {
            var start = $"| {mutation.Guard} | {mutation.What} | {mutation.Case} | ";
            var line = results.FirstOrDefault(result => result.Mutation == mutation) is { } now
                ? $"{start}{now.Noticed ?? $"**NOT NOTICED** ({now.Otherwise})"} |"
                : before.Split('\n').FirstOrDefault(old => old.StartsWith(start, StringComparison.Ordinal));
            if (line is not null)
                text.Append(line).Append('\n');
        }

        return text.ToString();
    }

#if MUTATIONS
    /// <summary>With all its guards this build passes: what fails later fails for the guard's sake.</summary>
    private static async Task ControlAsync(int seed, Action<string> say)
    {
        var (code, output) = await CaseAsync(Mutation.All[0].Case, seed, guard: "");
        if (code != 0)
            throw new InvalidOperationException($"this build fails with all its guards:\n{output}");
        say("with all guards: passed");
    }

    /// <summary>Where chance decides, some seeds are tried.</summary>
    private static async Task<Result> RunAsync(Mutation mutation, int seed)
    {
        for (var tried = 1; ; tried++)
        {
            var (code, output) = await CaseAsync(mutation.Case, seed + tried - 1, mutation.Guard);
            var failures = output.Split('\n').Select(line => line.Split("FAILED: ")).Where(parts => parts.Length == 2).Select(parts => parts[1].Trim()).ToList();
            var words = failures.Find(failure => failure.Contains(mutation.Complaint, StringComparison.Ordinal));
            if (words is not null || tried == Tries)
                return new(mutation, words, failures.FirstOrDefault() ?? (code == 0 ? "passed" : output.Split('\n')[^1]));
        }
    }

    private static async Task<(int ExitCode, string Output)> CaseAsync(string name, int seed, string guard)
    {
        await using var child = ChildProcess.Start(
            "dotnet",
            [typeof(MutationRunner).Assembly.Location, "--short", "--case", name, "--seed", $"{seed}"],
            [new("ERRORPIPELINE_MUTATION", guard)]);
        try
        {
            return (await child.WaitExitAsync(Patience), child.Output);
        }
        catch (TimeoutException)
        {
            // In order, so that it ends what it has started.
            child.Interrupt();
            await child.WaitExitAsync(TimeSpan.FromSeconds(20));
            return (-1, $"{child.Output}\nnot over within {Patience.TotalMinutes:0} minutes");
        }
    }
#endif
}
