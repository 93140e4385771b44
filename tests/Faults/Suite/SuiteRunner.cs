using System.Collections.Concurrent;

namespace ErrorPipeline.Faults.Suite;

/// <summary>Runs cases, the longest first, some at the same time.</summary>
internal static class SuiteRunner
{
    public static IReadOnlyList<FaultCase> Choose(string which) => which.Length == 0
        ? Catalogue.All
        : [.. Catalogue.All.Where(c => int.TryParse(which, out var number) ? c.Number == number : c.Name.Contains(which, StringComparison.OrdinalIgnoreCase))];

    public static async Task<IReadOnlyList<FaultRow>> RunAsync(IReadOnlyList<FaultCase> cases, SuiteOptions options, Action<string> say, CancellationToken cancel)
    {
        var waiting = new ConcurrentQueue<(FaultCase Case, int Seed)>(
            from one in cases
            from again in Enumerable.Range(0, options.Length == Length.Short ? 1 : one.Seeds)
            orderby one.Seconds descending, one.Number
            select (one, options.Seed + again));
        var rows = new ConcurrentBag<FaultRow>();
        await Task.WhenAll(Enumerable.Range(0, options.Tracks).Select(_ => Task.Run(
            async () =>
            {
                while (!cancel.IsCancellationRequested && waiting.TryDequeue(out var next))
                    rows.Add(await RunAsync(next.Case, next.Seed, options, say, cancel));
            },
            cancel)));
        return [.. rows.OrderBy(r => r.Case.Number).ThenBy(r => Catalogue.All.IndexOf(r.Case)).ThenBy(r => r.Seed)];
    }

    public static async Task<FaultRow> RunAsync(FaultCase which, int seed, SuiteOptions options, Action<string> say, CancellationToken cancel)
    {
        await using var run = new FaultRun(which, seed, options.Length, options, say, cancel);
        var row = await run.RunAsync();
        say($"{which.Name}: {(row.Passed ? "passed" : row.Skipped is null ? "FAILED" : "skipped")} after {row.Took.TotalSeconds:0} s{(row.Verdict is { } v ? $"; {v.Accepted} accepted, {v.Stored} stored, {v.Lost} lost, {v.Doubled} doubled" : "")}");
        return row;
    }
}
