namespace ErrorPipeline.Shared.Streams;

/// <summary>Which dead letters are meant. Null is "any".</summary>
/// <param name="Reason">Part of the reason, in any case.</param>
public sealed record DeadFilter(string? Stage = null, int? ProjectId = null, string? Reason = null)
{
    public bool IsAny => Stage is null && ProjectId is null && Reason is null;

    public bool Matches(DeadLetter letter)
    {
        ArgumentNullException.ThrowIfNull(letter);
        return (Stage is null || letter.Stage == Stage)
            && (ProjectId is null || letter.ProjectId == ProjectId)
            && (Reason is null || letter.Error.Contains(Reason, StringComparison.OrdinalIgnoreCase));
    }
}
