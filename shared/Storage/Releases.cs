namespace ErrorPipeline.Shared.Storage;

/// <summary>A release of a project.</summary>
/// <param name="FirstReceived">ms since 1970 UTC; null while no event has named it.</param>
/// <param name="NewIssues">Issues that were first seen in it.</param>
/// <param name="Regressed">Issues that came back in it after a resolve, and in no other since.</param>
public sealed record ReleaseRow(
    string Version, long? FirstReceived, long? LastReceived, long Events, long? ReleasedAt, long? Order, long NewIssues, long Regressed)
{
    /// <summary>Issues that were resolved in it and have not come back.</summary>
    public long Fixed { get; init; }
}

/// <summary>How an issue was resolved.</summary>
/// <param name="Release">The release with the fix; null where the project names none: then any later event reopens.</param>
/// <param name="Draining">Events since then of that release or older ones, from pages that were loaded before.</param>
public sealed record IssueResolution(long At, string? Release, long Draining)
{
    /// <summary>The fix comes with the first release after <see cref="Release"/>.</summary>
    public bool InNext { get; init; }
}
