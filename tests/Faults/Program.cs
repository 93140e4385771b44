using ErrorPipeline.Faults.Suite;
using ErrorPipeline.Rigs;

// ./dev faults [--case N|name,...] [--seed S] [--long] [--write] [--without GUARD|all] [--list]; see docs/delivery.md.
var options = new SuiteOptions();
string? guards = null;
var write = false;
var page = Path.Combine(Places.Root, "docs", "delivery.md");
for (var i = 0; i < args.Length; i++)
{
    switch (args[i])
    {
        case "--case" when i + 1 < args.Length: options = options with { Case = args[++i] }; break;
        case "--seed" when i + 1 < args.Length && int.TryParse(args[i + 1], out var seed): options = options with { Seed = seed }; i++; break;
        case "--long": options = options with { Length = Length.Long }; break;
        case "--short": options = options with { Length = Length.Short }; break;
        case "--write": write = true; break;
        case "--without": guards = i + 1 < args.Length ? args[++i] : ""; break;
        case "--list":
            foreach (var one in Catalogue.All)
                Console.WriteLine($"{one.Number,2} {one.Name,-26} {one.What}");
            return 0;
        default:
            Console.Error.WriteLine($"unknown option '{args[i]}': --case N|name,..., --seed S, --long, --short, --write, --without GUARD|all, --list");
            return 64;
    }
}

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};
Deadline.Stop = stop.Token;
var began = TimeProvider.System.GetTimestamp();
void Say(string line) => Console.Error.WriteLine($"{TimeProvider.System.GetElapsedTime(began):mm\\:ss} {line}");
try
{
    return guards is null ? await CasesAsync() : await GuardsAsync(guards);
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    Say("stopped");
    return 130;
}

async Task<int> GuardsAsync(string which)
{
    var results = await MutationRunner.RunAsync(which == "all" ? "" : which, options.Seed, options.Tracks, Say, stop.Token);
    Console.WriteLine(MutationRunner.Markdown(results, ""));
    if (write || which == "all")
        WrittenPage.Write(page, MutationRunner.Begin, MutationRunner.Markdown(results, which == "all" ? "" : await File.ReadAllTextAsync(page)), MutationRunner.End);
    var missed = results.Count(r => r.Noticed is null);
    Console.WriteLine($"{results.Count - missed} guards are missed when they are gone, {missed} are not, in {TimeProvider.System.GetElapsedTime(began):mm\\:ss}");
    return missed == 0 ? 0 : 1;
}

async Task<int> CasesAsync()
{
    var cases = SuiteRunner.Choose(options.Case);
    if (cases.Count == 0)
    {
        Console.Error.WriteLine($"there is no case '{options.Case}'; --list names them");
        return 64;
    }

    var rows = await SuiteRunner.RunAsync(cases, options, Say, stop.Token);
    stop.Token.ThrowIfCancellationRequested();
    Console.WriteLine(Summary.Text(rows));
    var failed = rows.Count(r => r.Failures.Count > 0);
    Console.WriteLine($"{rows.Count(r => r.Passed)} passed, {failed} failed, {rows.Count(r => r.Skipped is not null)} skipped in {TimeProvider.System.GetElapsedTime(began):mm\\:ss}");
    if ((write || options.Case.Length == 0) && options.Length != Length.Short)
        WrittenPage.Write(page, Summary.Begin, Summary.Markdown(rows, options.Case.Length == 0 ? "" : await File.ReadAllTextAsync(page)), Summary.End);
    return failed == 0 ? 0 : 1;
}
