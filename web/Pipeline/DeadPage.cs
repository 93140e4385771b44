using ErrorPipeline.Shared.Streams;

namespace ErrorPipeline.Web.Pipeline;

/// <summary>The dead letters that a filter means.</summary>
/// <param name="IsAll">Every letter was looked at, so that the list is whole.</param>
/// <param name="Kept">Letters of all kinds.</param>
public sealed record DeadPage(DeadFilter Filter, IReadOnlyList<DeadState> Letters, bool IsAll, long Kept, string? RedisProblem);
