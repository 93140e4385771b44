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
    private const string StackIsFull = "message: Maximum call stack size exceeded";

    /// <summary>Tokens that depend on the error alone, so that they can be cached with it. Empty where it says nothing.</summary>
    /// <param name="notes">Takes what is to be said of frames that were left out or made equal.</param>
    public static IReadOnlyList<string> ErrorTokens(string type, string template, IReadOnlyList<StackFrame> frames, GroupingNotes? notes = null)
    {
        var tokens = new List<string>();
        if (template.Length > 0 || frames.Count > 0)
            tokens.Add($"type: {(type == "InternalError" ? "RangeError" : type)}");
        if (template.Length > 0)
            tokens.Add($"message: {template}");
        AddFrames(tokens, frames, type, notes);
        return tokens;
    }

    /// <summary>
    /// The same grouping of an error whose own tokens have changed, as by source maps that came late: whatever the site or a rule added stays.
    /// As it was where it does not rest on them.
    /// </summary>
    public static Grouping Regroup(Grouping was, IReadOnlyList<string> before, IReadOnlyList<string> after)
    {
        var at = before.Count == 0 || was.Version != Version || Hash(was.Tokens) != was.Fingerprint ? -1
            : Enumerable.Range(0, Math.Max(0, was.Tokens.Count - before.Count + 1)).FirstOrDefault(i => was.Tokens.Skip(i).Take(before.Count).SequenceEqual(before), -1);
        if (at < 0)
            return was;
        List<string> tokens = [.. was.Tokens.Take(at), .. after, .. was.Tokens.Skip(at + before.Count)];
        return new(Version, Hash(tokens), tokens);
    }

    /// <summary>The client's own fingerprint, or that of a rule, wins; "{{ default }}" in it stands for ours. An error that says nothing is grouped by its page.</summary>
    /// <param name="by">Who made the fingerprint: client or rule.</param>
    public static Grouping Group(IReadOnlyList<string> errorTokens, IReadOnlyList<string> fingerprint, string type, string? page, string by = "client")
    {
        var tokens = new List<string>();
        foreach (var part in fingerprint)
        {
            if (part is "{{ default }}" or "{{default}}")
                tokens.AddRange(errorTokens);
            else
                tokens.Add($"{by}: {part}");
        }

        if (tokens.Count == 0)
            tokens.AddRange(errorTokens.Count > 0 ? errorTokens : [$"type: {type}", $"page: {page ?? "unknown"}"]);
        return new(Version, Hash(tokens), tokens);
    }

    private static void AddFrames(List<string> tokens, IReadOnlyList<StackFrame> frames, string type, GroupingNotes? notes)
    {
        var anyInApp = frames.Take(FramesLookedAt).Any(f => f.InApp);
        var before = tokens.Count;
        notes?.Begin(frames, anyInApp);
        foreach (var frame in frames.Take(FramesLookedAt))
        {
            // Safari gives no frames from before an await.
            if (tokens.Count > before && frame.Async)
            {
                notes?.BeforeAwait();
                break;
            }

            if (frame.InApp != anyInApp || frame.File is null)
            {
                notes?.LeftOut(frame);
                continue;
            }

            var file = FrameFile.Stable(frame.File);
            var isBuilt = frame.Generated is null && FrameFile.IsBuilt(file, frame.Column);
            var function = isBuilt ? FrameFunction.StableAsRun(frame.Function) : FrameFunction.Stable(frame.Function);
            // Firefox and Safari count the constructor of the error's own class.
            if (tokens.Count == before && function == type)
                continue;
            var token = $"frame: {function} in {file}";
            // Recursion, through other functions too: how deep it went is chance.
            if (tokens.IndexOf(token, before) >= 0)
            {
                notes?.Repeated(token);
                continue;
            }

            tokens.Add(token);
            notes?.Used(frame, function);
            if (tokens.Count - before == FramesUsed)
            {
                notes?.Enough(FramesUsed);
                break;
            }
        }

        // So is the function in which the stack was full.
        if (tokens.Contains(StackIsFull))
            tokens.Sort(before, tokens.Count - before, StringComparer.Ordinal);
    }

    private static string Hash(IReadOnlyList<string> tokens)
    {
        var bytes = Encoding.UTF8.GetBytes($"{Version}\0{string.Join('\0', tokens)}");
        return Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 16));
    }
}
