using ErrorPipeline.Faults.Suite;
using ErrorPipeline.Rigs;

// ./dev faults [--case N|name] [--seed S] [--long] [--list]; see docs/delivery.md.
var options = new SuiteOptions();
for (var i = 0; i < args.Length; i++)
{
    switch (args[i])
    {
        case "--case" when i + 1 < args.Length: options = options with { Case = args[++i] }; break;
        case "--seed" when i + 1 < args.Length && int.TryParse(args[i + 1], out var seed): options = options with { Seed = seed }; i++; break;
        case "--long": options = options with { Length = Length.Long }; break;
        case "--short": options = options with { Length = Length.Short }; break;
        case "--list":
            foreach (var one in Catalogue.All)
                Console.WriteLine($"{one.Number,2} {one.Name,-26} {one.What}");
            return 0;
        default:
            Console.Error.WriteLine($"unknown option '{args[i]}': --case N|name, --seed S, --long, --short, --list");
            return 64;
    }
}

var cases = SuiteRunner.Choose(options.Case);
if (cases.Count == 0)
{
    Console.Error.WriteLine($"there is no case '{options.Case}'; --list names them");
    return 64;
}

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
    // Whoever waits for a condition looks at it only when its time is over.
    _ = Task.Delay(TimeSpan.FromSeconds(5)).ContinueWith(_ => Environment.Exit(130), TaskScheduler.Default);
};
var began = TimeProvider.System.GetTimestamp();
var rows = await SuiteRunner.RunAsync(
    cases, options, line => Console.Error.WriteLine($"{TimeProvider.System.GetElapsedTime(began):mm\\:ss} {line}"), stop.Token);
if (stop.IsCancellationRequested)
    return 130;
Console.WriteLine(Summary.Text(rows));
var failed = rows.Count(r => r.Failures.Count > 0);
Console.WriteLine($"{rows.Count(r => r.Passed)} passed, {failed} failed, {rows.Count(r => r.Skipped is not null)} skipped in {TimeProvider.System.GetElapsedTime(began):mm\\:ss}");
// Part of a run says less than the page does already.
if (options is { Case: "", Length: not Length.Short })
    Summary.Write(Path.Combine(Places.Root, "docs", "delivery.md"), rows);
return failed == 0 ? 0 : 1;
