using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Streams;
using ErrorPipeline.Workers.Aggregate;
using ErrorPipeline.Workers.Dedupe;
using ErrorPipeline.Workers.Normalize;
using ErrorPipeline.Workers.Normalize.Policies;
using ErrorPipeline.Workers.Normalize.SourceMaps;
using ErrorPipeline.Workers.Pumping;
using ErrorPipeline.Workers.Write;

namespace ErrorPipeline.Workers;

/// <summary>The order of the stages, written once.</summary>
internal static class Pipeline
{
    // One for all lanes: they share what it has parsed.
    private static readonly NormalizeStage Normalizer = new();

    // The hop tells what was seen, so that nobody has to ask before it: most batches hold nothing that was.
    private static readonly IReadOnlySet<EventIdentity> NothingSeen = new HashSet<EventIdentity>();

    public static readonly StageSpec<RawError, IReadOnlySet<EventIdentity>, UniqueError> Dedupe = new()
    {
        Name = "dedupe",
        Inputs = lane => [lane.Raw, lane.RawBulk],
        Output = lane => lane.Unique,
        In = Forms.Raw,
        Out = Forms.ToUnique,
        Run = DedupeStage.Run,
        MostGathering = TimeSpan.FromMilliseconds(100),
        LoadFacts = (_, _, _) => Task.FromResult(NothingSeen),
        QuarantineFacts = NothingSeen,
        Learn = (seen, more) => new HashSet<EventIdentity>(seen.Concat(more)),
    };

    public static readonly StageSpec<UniqueError, NormalizeFacts, NormalizedError> Normalize = new()
    {
        Name = "normalize",
        Inputs = lane => [lane.Unique],
        Output = lane => lane.Normalized,
        In = Forms.Unique,
        Out = Forms.ToNormalized,
        Run = Normalizer.Run,
        LoadFacts = async (services, _, batch) =>
        {
            var policies = await services.GetRequiredService<PolicyFeed>().CurrentAsync();
            return new(await services.GetRequiredService<MapLoader>().LoadAsync(batch, policies, CancellationToken.None), policies);
        },
        QuarantineFacts = NormalizeFacts.None,
    };

    public static readonly StageSpec<NormalizedError, NoFacts, IssueDelta> Aggregate = new()
    {
        Name = "aggregate",
        Inputs = lane => [lane.Normalized],
        Output = lane => lane.Deltas,
        In = Forms.Normalized,
        Out = Forms.ToDeltas,
        Run = AggregateStage.Run,
        LoadFacts = (_, _, _) => Task.FromResult(default(NoFacts)),
        QuarantineFacts = default,
    };

    public static IReadOnlyList<PipelineStage> Stages { get; } =
    [
        PipelineStage.Of(Dedupe),
        PipelineStage.Of(Normalize, (services, _) => services.AddSourceMaps(Normalizer.Files).AddPolicies()),
        PipelineStage.Of(Aggregate),
        PipelineStage.Hosted("write", (services, configuration) =>
        {
            services.AddSourceMaps(Normalizer.Files).AddPolicies();
            services.AddErrorStore().AddWriter(configuration);
        }),
    ];
}
