namespace ErrorPipeline.Shared.Contracts;

/// <summary>Which events met a fate before they reached a delta: told beside the counts, so that a receipt can say where an event is.</summary>
/// <param name="Outcome">A name from <c>Outcomes.Outcome</c>, such as "duplicate" or "filtered:extension".</param>
/// <param name="Ids"><see cref="ShortIds"/>.</param>
public sealed record FateIds(string Outcome, byte[] Ids);
