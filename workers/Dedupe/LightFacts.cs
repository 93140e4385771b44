namespace ErrorPipeline.Workers.Dedupe;

/// <summary>What may differ between events that fold. Null where the event gave none.</summary>
internal readonly record struct LightFacts(long? Timestamp, string? Url, string? User, string? AgentHints);
