using Microsoft.Extensions.Options;

namespace ErrorPipeline.Web.SourceMaps;

/// <summary>Section <c>Artifacts</c>: how much is kept, and for how long.</summary>
public sealed class ArtifactOptions
{
    /// <summary>All artifacts together, as kept (compressed, equal files once).</summary>
    public long MaxBytes { get; set; } = 20L * 1024 * 1024 * 1024;

    /// <summary>Uploads in progress.</summary>
    public long MaxUploadBytes { get; set; } = 2L * 1024 * 1024 * 1024;

    /// <summary>A release's files go when nothing was uploaded for it for so long and no event of it has come either.</summary>
    public int KeepDays { get; set; } = 90;

    public int MaxFilesPerProject { get; set; } = 20_000;
}

public sealed class ArtifactOptionsValidator : IValidateOptions<ArtifactOptions>
{
    private const long Smallest = 16 * 1024 * 1024;

    public ValidateOptionsResult Validate(string? name, ArtifactOptions options)
    {
        var failures = Failures(options).ToList();
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static IEnumerable<string> Failures(ArtifactOptions options)
    {
        if (options.MaxBytes < Smallest)
            yield return $"ERRORPIPELINE_ARTIFACTS__MAXBYTES is {options.MaxBytes}: allowed are {Smallest} (16 MB) or more";
        if (options.MaxUploadBytes < Smallest)
            yield return $"ERRORPIPELINE_ARTIFACTS__MAXUPLOADBYTES is {options.MaxUploadBytes}: allowed are {Smallest} (16 MB) or more";
        if (options.KeepDays is < 1 or > 3650)
            yield return $"ERRORPIPELINE_ARTIFACTS__KEEPDAYS is {options.KeepDays}: allowed are 1 to 3650";
        if (options.MaxFilesPerProject is < 10 or > 1_000_000)
            yield return $"ERRORPIPELINE_ARTIFACTS__MAXFILESPERPROJECT is {options.MaxFilesPerProject}: allowed are 10 to 1,000,000";
    }
}
