namespace ErrorPipeline.Shared.Storage;

/// <summary>How much is kept, and what people are told beyond.</summary>
/// <param name="Files">References that one project may have.</param>
/// <param name="Bytes">Bytes that all content together may have, as kept.</param>
internal sealed record ArtifactLimits(int Files, long Bytes)
{
    public const int LongestName = 200;

    public ArtifactRefusedException TooMany() => new($"The project has {Files} files already: delete those of old releases first.");

    public ArtifactRefusedException TooLarge() => new(
        $"All artifacts together may take {Bytes / (1024 * 1024)} MB here, which this upload would exceed: delete those of old releases, or raise the setting Artifacts:MaxBytes.");
}
