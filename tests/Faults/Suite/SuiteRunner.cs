using System.Collections.Concurrent;

namespace ErrorPipeline.Faults.Suite;

/// <summary>Runs cases: first, one by one, those whose times are judged; then the others, the longest first, some at the same time.</summary>
internal static class SuiteRunner
{
    /// <param name="which">Numbers and parts of names, by comma; all where empty.</param>
    public static IReadOnlyList<FaultCase> Choose(string which)
    {
        var wanted = which.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return wanted.Length == 0 ? Catalogue.All : [.. Catalogue.All.Where(c => Array.Exists(wanted, w => IsMeant(c, w)))];
    }

    public static async Task<IReadOnlyList<FaultRow>> RunAsync(IReadOnlyList<FaultCase> cases, SuiteOptions options, Action<string> say, CancellationToken cancel)
    {
        var tries =
            (from one in cases
             from again in Enumerable.Range(0, options.Length == Length.Short ? 1 : one.Seeds)
             orderby one.Seconds descending, one.Number
             select (Case: one, Seed: options.Seed + again)).ToLookup(t => t.Case.IsTimed);
        var (timed, waiting) = (new ConcurrentQueue<(FaultCase, int)>(tries[true]), new ConcurrentQueue<(FaultCase, int)>(tries[false]));
        var rows = new ConcurrentBag<FaultRow>();
        await WorkAsync(timed);
        await Task.WhenAll(Enumerable.Range(0, options.Tracks).Select(_ => Task.Run(() => WorkAsync(waiting), cancel)));
        return [.. rows.OrderBy(r => r.Case.Number).ThenBy(r => Catalogue.All.IndexOf(r.Case)).ThenBy(r => r.Seed)];

        async Task WorkAsync(ConcurrentQueue<(FaultCase Case, int Seed)> queue)
        {
            while (!cancel.IsCancellationRequested && queue.TryDequeue(out var next))
                rows.Add(await RunAsync(next.Case, next.Seed, options, say, cancel));
        }
    }

    public static async Task<FaultRow> RunAsync(FaultCase which, int seed, SuiteOptions options, Action<string> say, CancellationToken cancel)
    {
        await using var run = new FaultRun(which, seed, options.Length, options, say, cancel);
        var row = await run.RunAsync();
        say($"{which.Name}: {(row.Passed ? "passed" : row.Skipped is null ? "FAILED" : "skipped")} after {row.Took.TotalSeconds:0} s{(row.Verdict is { } v ? $"; {v.Accepted} accepted, {v.Stored} stored, {v.Lost} lost, {v.Doubled} doubled" : "")}");
        return row;
    }

    private static bool IsMeant(FaultCase one, string which) =>
        int.TryParse(which, out var number) ? one.Number == number : one.Name.Contains(which, StringComparison.OrdinalIgnoreCase);
}
