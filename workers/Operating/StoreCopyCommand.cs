using System.Diagnostics;
using System.Globalization;
using ErrorPipeline.Shared.Hosting;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Shared.Storage.Copying;

namespace ErrorPipeline.Workers.Operating;

/// <summary><c>workers store copy</c>: moves what is stored to another store, from a terminal.</summary>
internal static class StoreCopyCommand
{
    public const string Verb = "store";

    private static readonly string[] Valued = ["--from", "--to", "--only"];
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(2);

    private const string Help = """
        workers store copy --from STORE --to STORE [--only errors,config,artifacts]

          STORE           sqlite:FOLDER (its errors.db, config.db and artifacts.db), sqlite:FILE.db (errors alone) or mongodb://HOST/DATABASE
          --only          these alone; all three, or what there is of them, where not told

        Nothing may write to either store meanwhile: stop the workers and web first. The lead is taken from a writer that runs all the same, and the
        copy ends with a message when it takes it back. It may be stopped at any moment; run again, it goes on where it was. The target must be
        empty, or what such a copy left half done. At the end every row of the target is read back and compared with what was read of the source.

        Exit codes: 0 done, 1 a store does not answer (run it again), 2 refused, 64 wrong usage.
        """;

    public static async Task<int> RunAsync(IReadOnlyList<string> args, TextWriter output, TextWriter error, CancellationToken cancel)
    {
        if (args.Count == 0 || args.Intersect(["--help", "-h"]).Any())
        {
            await output.WriteLineAsync(Help);
            return 0;
        }

        try
        {
            if (args[0] != "copy")
                throw new UsageException($"there is no '{args[0]}': copy");
            var arguments = new OperatorArguments([.. args.Skip(1)], Valued, []);
            var (from, to) = (Place(arguments, "--from"), Place(arguments, "--to"));
            var parts = Parts(arguments["--only"]);
            foreach (var (part, rows) in await from.CopyAsync(to, parts, new Telling(error), cancel))
                await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{part.ToString().ToLowerInvariant()}: {rows} rows copied from {from} to {to}, and compared"));
            return 0;
        }
        catch (Exception e) when (e is UsageException or CopyRefusedException or StoreUnavailableException or DllNotFoundException or OperationCanceledException)
        {
            await error.WriteLineAsync($"store copy: {(e is OperationCanceledException ? "stopped; run it again, and it goes on" : e.Message)}");
            return e switch
            {
                UsageException => OperatorArguments.UsageExitCode,
                CopyRefusedException => 2,
                _ => 1,
            };
        }
    }

    private static StorePlace Place(OperatorArguments arguments, string name)
    {
        try
        {
            return StorePlace.Parse(arguments[name] ?? throw new UsageException($"{name} is missing. `store copy --help` tells more"));
        }
        catch (FormatException e)
        {
            throw new UsageException($"{name}: {e.Message}");
        }
    }

    private static List<StorePart> Parts(string? only) => only is null
        ? [.. Enum.GetValues<StorePart>()]
        : [.. only.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(name =>
            Enum.TryParse<StorePart>(name, ignoreCase: true, out var part) && !char.IsDigit(name[0]) ? part : throw new UsageException($"--only names '{name}': errors, config or artifacts"))];

    /// <summary>A line now and then: at each table's end, and while it takes long.</summary>
    private sealed class Telling(TextWriter to) : IProgress<CopyProgress>
    {
        private long _told = Stopwatch.GetTimestamp();

        public void Report(CopyProgress value)
        {
            if (value.Rows < value.Count && Stopwatch.GetElapsedTime(_told) < Between)
                return;
            _told = Stopwatch.GetTimestamp();
            to.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{value.What}: {value.Doing} {value.Table} {value.Rows} of {value.Count}; {value.Rate:0} rows/s, {value.Left:hh\\:mm\\:ss} left"));
        }
    }
}
