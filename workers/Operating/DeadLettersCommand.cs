using System.Globalization;
using System.Text;
using ErrorPipeline.Shared.Hosting;
using ErrorPipeline.Shared.Streams;

namespace ErrorPipeline.Workers.Operating;

/// <summary><c>workers dead-letters</c>: shows, replays and drops dead letters of a running installation, from a terminal.</summary>
internal static class DeadLettersCommand
{
    public const string Verb = "dead-letters";

    private const int MostListed = 100;
    private static readonly string[] Valued = ["--stage", "--project", "--reason", "--id", "--lane", "--redis", "--lanes", "--most"];
    private static readonly string[] Flags = ["--all"];

    private const string Help = """
        workers dead-letters list    [--stage S] [--project N] [--reason TEXT] [--most N]
        workers dead-letters replay  (--all | --stage S | --project N | --reason TEXT | --lane N --id ID)
        workers dead-letters drop    (--all | --stage S | --project N | --reason TEXT | --lane N --id ID)

          list     newest first: lane, id, when, stage, project, event, reason
          replay   puts letters back into the stage where they died; what dies again comes back
          drop     forgets letters; their events stay counted as dead

          --stage S       those that died in dedupe, normalize or aggregate
          --project N     those of one project
          --reason TEXT   those whose reason contains the text, in any case
          --lane N --id   one letter, as `list` names it
          --all           every letter; filters narrow it
          --most N        how many to list (100)
          --redis host:port, --lanes N   where the settings of the environment (ERRORPIPELINE_REDIS, ERRORPIPELINE_LANES) do not say it

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
            var arguments = new OperatorArguments([.. args.Skip(1)], Valued, Flags);
            var (options, _) = PipelineOptions.ReadFor(arguments);
            var run = Choose(args[0], arguments, options.Lanes);
            await using var redis = new RedisConnection(options.Redis, "errorpipeline-dead-letters");
            return await run(new(redis), output);
        }
        catch (UsageException e)
        {
            await error.WriteLineAsync($"dead-letters: {e.Message}. `workers dead-letters --help` tells more");
            return OperatorArguments.UsageExitCode;
        }
        catch (RedisUnavailableException e)
        {
            await error.WriteLineAsync($"dead-letters: {e.Message}");
            return 1;
        }
    }

    private static Func<DeadLetters, TextWriter, Task<int>> Choose(string verb, OperatorArguments arguments, int lanes)
    {
        var filter = new DeadFilter(arguments["--stage"], arguments.Number("--project"), arguments["--reason"]);
        var one = One(arguments, lanes);
        if (verb is "replay" or "drop" && filter.IsAny && one is null && !arguments.Has("--all"))
            throw new UsageException($"{verb} needs to know which letters: --all, or a filter");
        var all = Lane.All(lanes).ToList();
        return verb switch
        {
            "list" => (letters, output) => ListAsync(letters, all, filter, arguments.Number("--most") ?? MostListed, output),
            "replay" => (letters, output) => ChangeAsync("replayed", one is { } o ? Count(letters.ReplayAsync(o.Lane, o.Id)) : letters.ReplayAllAsync(all, filter), output),
            "drop" => (letters, output) => ChangeAsync("dropped", one is { } o ? Count(letters.DropAsync(o.Lane, o.Id)) : letters.DropAllAsync(all, filter), output),
            _ => throw new UsageException($"there is no '{verb}': list, replay or drop"),
        };
    }

    private static (Lane Lane, StreamId Id)? One(OperatorArguments arguments, int lanes)
    {
        if (arguments["--id"] is not { } id)
            return arguments.Has("--lane") ? throw new UsageException("--lane needs --id") : null;
        if (arguments.Number("--lane") is not { } lane || lane < 0 || lane >= lanes)
            throw new UsageException($"--id needs --lane, 0 to {lanes - 1}");
        try
        {
            return (new(lane), StreamId.Parse(id));
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            throw new UsageException($"'{id}' is no id of a letter, such as 1700000000000-0");
        }
    }

    private static async Task<int> ListAsync(DeadLetters letters, IEnumerable<Lane> lanes, DeadFilter filter, int most, TextWriter output)
    {
        var shown = 0;
        await foreach (var kept in letters.FindAsync(lanes, filter))
        {
            if (++shown > most)
            {
                await output.WriteLineAsync($"... and more (--most {most})");
                return 0;
            }

            var letter = kept.Letter;
            var at = DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(letter.At, 0, 253_402_300_799_999)).ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
            await output.WriteLineAsync($"{kept.Lane.Index} {kept.Id} {at} {Plain(letter.Stage)} project {letter.ProjectId} event {Plain(letter.EventId)} {Plain(letter.Error)}");
        }

        if (shown == 0)
            await output.WriteLineAsync("no dead letters" + (filter.IsAny ? "" : " of that kind"));
        return 0;
    }

    private static async Task<int> ChangeAsync(string done, Task<long> change, TextWriter output)
    {
        await output.WriteLineAsync($"{await change} {done}");
        return 0;
    }

    private static async Task<long> Count(Task<bool> change) => await change ? 1 : 0;

    /// <summary>A reason quotes what a visitor sent: what could move the cursor or colour a terminal is written as its number.</summary>
    private static string Plain(string text)
    {
        var plain = new StringBuilder();
        foreach (var c in text.Length > 500 ? text[..500] + "..." : text)
        {
            if (char.IsControl(c) || char.IsSurrogate(c) || CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
                plain.Append(CultureInfo.InvariantCulture, $"[U+{(int)c:X4}]");
            else
                plain.Append(c);
        }

        return plain.ToString();
    }
}
