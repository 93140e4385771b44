using ErrorPipeline.Shared.Contracts;

namespace ErrorPipeline.Shared.Storage;

/// <summary>What some issues would be as one.</summary>
/// <param name="Issues">As they are now, the one that would stay first.</param>
/// <param name="Users">Of all together: who met two of them is one user.</param>
/// <param name="Title">That of the fingerprint which was seen last, as ever.</param>
public sealed record MergePreview(
    IReadOnlyList<IssueRow> Issues, long Count, long Users, long FirstSeen, long LastSeen, string Title, string Culprit, int Fingerprints);

/// <summary>One change of the map of fingerprints to issues.</summary>
/// <param name="What">"merge", "split", "undo", or <see cref="ByMaps"/>.</param>
/// <param name="UndoneBy">The move that took it back; null while it stands.</param>
public sealed record IssueMove(long Id, long At, string What, string? By, long? UndoneBy, IReadOnlyList<MovedFingerprint> Parts)
{
    /// <summary>Source maps that came late showed two issues to be one.</summary>
    public const string ByMaps = "source maps arrived";
}

public sealed record MovedFingerprint(string Version, string Fingerprint, long From, long To);

/// <summary>A fingerprint of an issue, with what it counts.</summary>
public sealed record FingerprintTotals(Grouping Grouping, string Title, string Culprit, long Count, long FirstSeen, long LastSeen);
