using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Workers.Normalize.Fingerprints;

namespace ErrorPipeline.Workers.Normalize.Blaming;

/// <summary>
/// Whose an error is, and why. In order: the crawler by its agent; what error and frames tell by themselves (<see cref="BlameTable"/>); then the hosts
/// of the frames beside the host of the page. docs/blame.md says the same in more words.
/// </summary>
/// <param name="Class">ours, third_party, extension, injected, bot, network or unknown.</param>
/// <param name="Evidence">Why, in words.</param>
internal sealed record Blame(string Class, string Evidence)
{
    /// <summary>Code put in is called from the top; deeper in the stack a name says nothing.</summary>
    private const int FunctionsLookedAt = 5;
    private const int LongestQuote = 80;

    public static Blame Bot(string name) => new("bot", $"the user agent names a crawler: {name}");

    /// <summary>"Script error.": all that a browser tells of a script from another origin.</summary>
    public static bool IsScriptError(string message, IReadOnlyList<StackFrame> frames) =>
        frames.Count == 0 && message.AsSpan().Trim().TrimEnd('.').Equals("Script error", StringComparison.OrdinalIgnoreCase);

    /// <summary>What holds on every page; null where it depends on the page.</summary>
    /// <param name="frames">With the files that the browser ran.</param>
    public static Blame? OfError(string type, string message, string canonical, IReadOnlyList<StackFrame> frames)
    {
        if (IsScriptError(message, frames))
            return new("third_party", "the browser hides errors of scripts from another origin (\"Script error.\"): their tag lacks crossorigin");
        var newest = frames.FirstOrDefault(f => f.File is not null && !IsEngine(f.File));
        var network = OfRequest(type, message, canonical);
        // An extension that wraps fetch stands on top of every failed request of the page.
        if (network is not null && (newest is null || frames.Any(f => f.InApp)))
            return network;
        if (newest?.File is { } file && OfFile(file) is { } found)
            return found;
        return OfWords(message, frames) ?? network ?? (newest is null ? new("unknown", "there is no frame with a file") : null);
    }

    /// <param name="page">The page without query; null where it is not known.</param>
    /// <param name="ownSites">Registrable domains that are the project's besides the page's.</param>
    /// <param name="ownFiles">Files that a rule of the project says are its own.</param>
    public static Blame OfPage(IReadOnlyList<StackFrame> frames, string? page, IReadOnlySet<string> ownSites, IReadOnlyList<string> ownFiles)
    {
        var own = frames.FirstOrDefault(f => f.InApp && f.File is not null)?.File;
        if (own is null)
        {
            var newest = frames.First(f => f.File is not null && !IsEngine(f.File)).File!;
            return new("third_party", $"no frame is the site's own code; the newest is in {Short(newest)}");
        }

        if (ownFiles.Contains(own))
            return new("ours", $"a rule of the project says that {Short(own)} is its own code");
        var host = Site.HostOf(own);
        var pageHost = page is null ? null : Site.HostOf(page);
        bool IsOwn(string other) => Site.Of(other) is var site && (pageHost is null || site == Site.Of(pageHost) || ownSites.Contains(site));
        if (host is null || IsOwn(host))
            return new("ours", $"the newest frame of the site's own code is in {Short(own)}");
        return frames.FirstOrDefault(f => f.InApp && Site.HostOf(f.File!) is { } other && IsOwn(other)) is { File: { } called }
            ? new("ours", $"{Short(called)} of the page's own site is among the callers")
            : new("third_party", $"the script is on {host}, the page on {pageHost}");
    }

    private static Blame? OfFile(string file)
    {
        foreach (var row in BlameTable.Files)
        {
            if (row.Anywhere ? file.Contains(row.Text, StringComparison.OrdinalIgnoreCase) : file.StartsWith(row.Text, StringComparison.Ordinal))
                return new(row.Class, $"the newest frame is {row.Words} ({row.Text})");
        }

        return null;
    }

    private static Blame? OfWords(string message, IReadOnlyList<StackFrame> frames)
    {
        // Sites talk to apps and wallets too, from their bundles; what is put in runs inline.
        if (frames.Any(f => f.InApp && IsScript(f.File)))
            return null;
        foreach (var row in BlameTable.Names)
        {
            if (message.Contains(row.Text, StringComparison.Ordinal))
                return new(row.Class, $"'{row.Text}' in the message is {row.Words}");
            for (var i = 0; i < frames.Count && i < FunctionsLookedAt; i++)
            {
                if (frames[i].Function?.Contains(row.Text, StringComparison.Ordinal) == true)
                    return new(row.Class, $"'{row.Text}' in the stack is {row.Words}");
            }
        }

        return null;
    }

    private static Blame? OfRequest(string type, string message, string canonical)
    {
        var told = message.AsSpan().Trim();
        foreach (var start in BlameTable.RequestMessages)
        {
            if (told.StartsWith(start, StringComparison.OrdinalIgnoreCase) || canonical.StartsWith(start, StringComparison.OrdinalIgnoreCase))
                return Request(told);
        }

        return BlameTable.RequestTypes.Contains(type) ? Request(told.IsEmpty ? type : told) : null;
    }

    private static Blame Request(ReadOnlySpan<char> told) =>
        new("network", $"'{(told.Length > LongestQuote ? $"{told[..LongestQuote]}…" : told)}' tells of a failed request, not of code");

    private static bool IsScript(string? file)
    {
        if (file is null)
            return false;
        var path = FrameFile.Path(file);
        foreach (var ending in (ReadOnlySpan<string>)[".js", ".mjs", ".cjs", ".ts", ".tsx", ".jsx", ".vue", ".svelte"])
        {
            if (path.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }

    private static bool IsEngine(string file) => file[0] is '[' or '<' || file is "native" or "native code" || file.StartsWith("index ", StringComparison.Ordinal);

    private static string Short(string file) => file.Length > 120 ? file[..120] : file;
}
