using ErrorPipeline.Shared.Contracts;

namespace ErrorPipeline.Shared.Storage;

/// <summary>Identity of what counters belong to.</summary>
internal sealed record FingerprintKey(int ProjectId, string Version, string Fingerprint)
{
    public static FingerprintKey Of(IssueDelta delta)
        => new(delta.ProjectId, StoreText.Clean(delta.Grouping.Version, 50), StoreText.Clean(delta.Grouping.Fingerprint, 200));
}
