using Microsoft.Extensions.Options;

namespace ErrorPipeline.Web.SourceMaps;

/// <summary>Section <c>Artifacts</c>: how much is kept, and for how long.</summary>
internal sealed class ArtifactOptions
{
    /// <summary>All artifacts together, as kept (compressed, equal files once).</summary>
    public long MaxBytes { get; set; } = 20L * 1024 * 1024 * 1024;

    /// <summary>Uploads in progress.</summary>
    public long MaxUploadBytes { get; set; } = 2L * 1024 * 1024 * 1024;

    public int MaxFilesPerProject { get; set; } = 20_000;
}

internal sealed class ArtifactOptionsValidator : IValidateOptions<ArtifactOptions>
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
        if (options.MaxFilesPerProject is < 10 or > 1_000_000)
            yield return $"ERRORPIPELINE_ARTIFACTS__MAXFILESPERPROJECT is {options.MaxFilesPerProject}: allowed are 10 to 1,000,000";
    }
}
