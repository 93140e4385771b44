using ErrorPipeline.Workers.Normalize.SourceMaps;

namespace ErrorPipeline.Workers.Normalize.Policies;

/// <summary>What the stage has to know of a batch: its source maps, and what each project decided.</summary>
internal sealed record NormalizeFacts(MapFacts Maps, PolicySet Policies)
{
    public static readonly NormalizeFacts None = new(MapFacts.None, PolicySet.Usual);
}
