using System.Security.Cryptography;
using System.Text;
using ErrorPipeline.Shared.Contracts;

namespace ErrorPipeline.Workers.Normalize.Fingerprints;

/// <summary>
/// Version 1 of grouping: type, canonical message and the newest in-app frames (function and file; never line, column, release,
/// environment or browser). The tokens that are hashed are kept, so that every issue explains itself.
/// Once released this class and what it calls never change what they hash: a better idea is a v2 beside it.
/// </summary>
internal static class FingerprintV1
{
    public const string Version = "v1";

    /// <summary>V8 keeps ten frames where others keep a hundred: older ones would tell engines apart, not errors.</summary>
    private const int FramesLookedAt = 10;
    private const int FramesUsed = 5;

    /// <summary>Tokens that depend on the error alone, so that they can be cached with it. Empty where it says nothing.</summary>
    public static IReadOnlyList<string> ErrorTokens(string type, string template, IReadOnlyList<StackFrame> frames)
    {
        var tokens = new List<string>();
        if (template.Length > 0 || frames.Count > 0)
            tokens.Add($"type: {(type == "InternalError" ? "RangeError" : type)}");
        if (template.Length > 0)
            tokens.Add($"message: {template}");
        AddFrames(tokens, frames);
        return tokens;
    }

    /// <summary>A client's own fingerprint wins; "{{ default }}" in it stands for ours. An error that says nothing is grouped by its page.</summary>
    public static Grouping Group(IReadOnlyList<string> errorTokens, IReadOnlyList<string> clientFingerprint, string type, string? page)
    {
        var tokens = new List<string>();
        foreach (var part in clientFingerprint)
        {
            if (part is "{{ default }}" or "{{default}}")
                tokens.AddRange(errorTokens);
            else
                tokens.Add($"client: {part}");
        }

        if (tokens.Count == 0)
            tokens.AddRange(errorTokens.Count > 0 ? errorTokens : [$"type: {type}", $"page: {page ?? "unknown"}"]);
        return new(Version, Hash(tokens), tokens);
    }

    private static void AddFrames(List<string> tokens, IReadOnlyList<StackFrame> frames)
    {
        var anyInApp = frames.Take(FramesLookedAt).Any(f => f.InApp);
        var before = tokens.Count;
        string? last = null;
        foreach (var frame in frames.Take(FramesLookedAt))
        {
            // Safari gives no frames from before an await.
            if (tokens.Count > before && FrameFunction.IsAsync(frame.Function))
                break;
            if (frame.InApp != anyInApp || frame.File is null)
                continue;
            var token = $"frame: {FrameFunction.Stable(frame.Function)} in {FrameFile.Stable(frame.File)}";
            // Recursion: how deep it went is chance.
            if (token == last)
                continue;
            tokens.Add(token);
            last = token;
            if (tokens.Count - before == FramesUsed)
                break;
        }
    }

    private static string Hash(List<string> tokens)
    {
        var bytes = Encoding.UTF8.GetBytes($"{Version}\0{string.Join('\0', tokens)}");
        return Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 16));
    }
}
