namespace ErrorPipeline.Shared.Storage;

/// <summary>When a token was used last is for people to see.</summary>
internal static class TokenUse
{
    /// <summary>It is noted no more often than that, in ms.</summary>
    public const long Coarse = 60_000;
}
