using System.Text.Json.Nodes;
using ErrorPipeline.Shared.Hosting;
using ErrorPipeline.Shared.Streams;
using ErrorPipeline.Workers.Inspect;
using ErrorPipeline.Workers.Operating;
using ErrorPipeline.Workers.Pumping;
using ErrorPipeline.Workers.Write;
using Microsoft.Extensions.Options;

namespace ErrorPipeline.Workers;

/// <summary>Puts a worker process together: the chosen stages on every lane, health, metrics.</summary>
internal static class WorkersHost
{
    private static readonly string[] HelpOptions = ["--help", "-h", "-?"];

    /// <summary>Runs the stages until SIGTERM; or prints the help; or answers an inspection; or is a quarantine child.</summary>
    public static async Task<int> RunAsync(string[] args, IReadOnlyList<PipelineStage> stages)
    {
        if (args is [DeadLettersCommand.Verb, .. var rest])
            return await DeadLettersCommand.RunAsync(rest, Console.Out, Console.Error);

        if (args is [StoreCopyCommand.Verb, .. var copying])
            return await CopyAsync(copying);

        if (args.Intersect(HelpOptions).Any())
        {
            await Console.Out.WriteLineAsync(Help(stages));
            return 0;
        }

        if (args is [InspectCommand.Verb])
            return await InspectCommand.RunAsync(Console.OpenStandardInput(), Console.OpenStandardOutput());

        if (args is [QuarantineCommand.Option, var name])
        {
            var probe = stages.Single(s => s.Name == name).Probe!;
            return await QuarantineChild.RunAsync(probe, Console.OpenStandardInput(), Console.Out, orphaned: () => Environment.Exit(0));
        }

        return await Startup.RunAsync(() => Build(args, stages));
    }

    private static async Task<int> CopyAsync(string[] args)
    {
        using var stop = new CancellationTokenSource();
        Console.CancelKeyPress += (_, pressed) =>
        {
            pressed.Cancel = true;
            stop.Cancel();
        };
        return await StoreCopyCommand.RunAsync(args, Console.Out, Console.Error, stop.Token);
    }

    private static WebApplication Build(string[] args, IReadOnlyList<PipelineStage> stages)
    {
        var builder = WebApplication.CreateSlimBuilder(ErrorPipelineDefaults.HostArguments());
        builder.AddErrorPipelineDefaults("workers", [.. args]);
        var chosen = Choose(builder.Configuration["stages"] ?? builder.Configuration["Workers:Stages"], stages);
        builder.Services.AddOptions<PumpOptions>().Bind(builder.Configuration.GetSection("Workers")).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<PumpOptions>, PumpOptionsValidator>();
        builder.Services.AddSingleton(provider => SeenLimits.Default with { Budget = provider.GetRequiredService<IOptions<PumpOptions>>().Value.SeenEvents });
        builder.Services.AddStreams(provider => new()
        {
            ["stages"] = new JsonArray([.. chosen.Select(s => (JsonNode)s.Name)]),
            ["leader"] = provider.GetService<WriterStatus>()?.IsLeading ?? false,
        });
        builder.Services.AddPipelineWatch(builder.Configuration);
        builder.Services.AddSingleton(QuarantineCommand.OfThisProcess());
        builder.Services.AddSingleton<IReadOnlyList<PipelineStage>>(chosen);
        builder.Services.AddSingleton<StageBoard>();
        builder.Services.AddHealthChecks().AddCheck<StageBoard>("stages", tags: [ErrorPipelineDefaults.ReadyTag]);
        builder.Services.AddHostedService<PumpHost>();
        builder.Services.AddSingleton<LaneGauges>();
        foreach (var stage in chosen)
            stage.Register?.Invoke(builder.Services, builder.Configuration);
        var app = builder.Build();
        app.Services.GetRequiredService<LaneGauges>().Show();
        app.MapErrorPipelineDefaults();
        return app;
    }

    private static List<PipelineStage> Choose(string? names, IReadOnlyList<PipelineStage> stages)
    {
        if (string.IsNullOrWhiteSpace(names))
            return [.. stages];
        var wanted = names.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var unknown = wanted.Except(stages.Select(s => s.Name), StringComparer.Ordinal).ToList();
        if (unknown.Count > 0)
        {
            throw new OptionsValidationException("stages", typeof(PumpOptions),
                [$"--stages (ERRORPIPELINE_WORKERS__STAGES) names '{string.Join(", ", unknown)}': there are {string.Join(", ", stages.Select(s => s.Name))}"]);
        }

        return [.. stages.Where(s => wanted.Contains(s.Name))];
    }

    private static string Help(IReadOnlyList<PipelineStage> stages) => $"""
        ErrorPipeline workers: moves errors through the stages, from Redis to the store.

          --stages a,b     which stages this process hosts: {string.Join(", ", stages.Select(s => s.Name))} (default: all)
          --Redis host:port, --Lanes n, --Urls http://127.0.0.1:5082, --Workers:BatchEvents n, ...
                           any setting; the environment has them as ERRORPIPELINE_REDIS, ERRORPIPELINE_WORKERS__BATCHEVENTS
          inspect          answers questions, one JSON object per line of standard input: what a stack, useragent, message, event or sourcemap becomes
          dead-letters     shows, replays and drops what could not be processed; `dead-letters --help` tells more
          store copy       copies what is stored from SQLite to MongoDB or back; `store --help` tells more
          --help           this text

        Serves /healthz/live, /healthz/ready and /metrics on Urls. SIGTERM finishes the batch at hand.
        """;
}
