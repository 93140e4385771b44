using System.Globalization;
using ErrorPipeline.Shared.Hosting;
using ErrorPipeline.Shared.Streams;

namespace ErrorPipeline.Collector.Replaying;

/// <summary><c>collector replay</c>: sends what a collector's log still holds to the lanes again.</summary>
internal static class ReplayCommand
{
    public const string Verb = "replay";

    private static readonly string[] Valued = ["--from", "--to", "--project", "--log", "--redis", "--lanes"];
    private static readonly string[] Flags = ["--dry-run"];

    private const string Help = """
        collector replay --from TIME [--to TIME] [--project N] [--dry-run]

        Sends the events that this collector's log still holds (10 minutes and 256 MB by default) to Redis again: when Redis lost its memory and
        nobody noticed, or when a stage with a mistake was deployed. Works beside the running collector or after it. Run it on each collector's machine.

        What dedupe remembers ends as a duplicate: it is not counted twice. What it no longer remembers is counted again, and the interval is then
        flagged as approximate. Events of a deleted issue stay deleted. The ledger counts what was sent as accepted, and beside that as replayed.

          --from, --to    when the events were received: 2026-11-22T06:00:00Z, or 10m, 90s, 1h ago; --to is now where it is not given
          --project N     only events of one project
          --dry-run       count them, send nothing
          --log FOLDER    where ERRORPIPELINE_COLLECTOR__LOGDIRECTORY and ERRORPIPELINE_DATADIRECTORY do not say it
          --redis host:port, --lanes N   where ERRORPIPELINE_REDIS and ERRORPIPELINE_LANES do not say it

        Exit codes: 0 done, 1 Redis does not answer, 64 wrong usage.
        """;

    public static async Task<int> RunAsync(IReadOnlyList<string> args, TextWriter output, TextWriter error)
    {
        if (args.Count == 0 || args.Intersect(["--help", "-h"]).Any())
        {
            await output.WriteLineAsync(Help);
            return 0;
        }

        try
        {
            var arguments = new OperatorArguments(args, Valued, Flags);
            var (options, all) = PipelineOptions.ReadFor(arguments);
            var folder = arguments["--log"] ?? (all["Collector:LogDirectory"] is { Length: > 0 } named ? named : Path.Combine(options.DataDirectory, "collector"));
            if (!Directory.Exists(folder))
                throw new UsageException($"there is no log in {folder}: --log FOLDER says where it is");
            var events = Choose(arguments, folder, TimeProvider.System.GetUtcNow());
            if (arguments.Has("--dry-run"))
                await output.WriteLineAsync($"{events.Count()} events would be sent again");
            else
                await SendAsync(events, options.Redis, output);
            return 0;
        }
        catch (UsageException e)
        {
            await error.WriteLineAsync($"replay: {e.Message}. `collector replay --help` tells more");
            return OperatorArguments.UsageExitCode;
        }
        catch (RedisUnavailableException e)
        {
            await error.WriteLineAsync($"replay: {e.Message}");
            return 1;
        }
    }

    private static IEnumerable<LoggedEvent> Choose(OperatorArguments arguments, string folder, DateTimeOffset now)
    {
        var from = TimeOf(arguments["--from"] ?? throw new UsageException("--from is needed"), now);
        var to = arguments["--to"] is { } given ? TimeOf(given, now) : now;
        if (from > to)
            throw new UsageException("--from is later than --to");
        var project = arguments.Number("--project");
        var (first, last) = (from.ToUnixTimeMilliseconds(), to.ToUnixTimeMilliseconds());
        return LoggedEvents.Read(folder).Where(e => e.ReceivedAt >= first && e.ReceivedAt <= last && (project is null || e.ProjectId == project));
    }

    private static async Task SendAsync(IEnumerable<LoggedEvent> events, string servers, TextWriter output)
    {
        await using var redis = new RedisConnection(servers, "errorpipeline-replay");
        var replayed = await new Replay(new(redis), lane => new(redis, lane), new LaneLedger(redis).ReadAsync).RunAsync(events);
        await output.WriteLineAsync($"{replayed.Events} events sent again");
        if (replayed.InDoubt > 0)
            await output.WriteLineAsync("dedupe does not remember all of that time: some may be counted twice, and the interval is flagged as approximate");
    }

    private static DateTimeOffset TimeOf(string text, DateTimeOffset now)
    {
        if (text.Length > 1 && "smh".Contains(text[^1], StringComparison.Ordinal)
            && double.TryParse(text[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var ago) && ago < 1e6)
            return now - (text[^1] switch { 's' => TimeSpan.FromSeconds(ago), 'm' => TimeSpan.FromMinutes(ago), _ => TimeSpan.FromHours(ago) });
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? time
            : throw new UsageException($"'{text}' is no time: 2026-11-22T06:00:00Z, or 10m for ten minutes ago");
    }
}
