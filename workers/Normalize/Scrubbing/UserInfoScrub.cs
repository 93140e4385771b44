namespace ErrorPipeline.Workers.Normalize.Scrubbing;

/// <summary>"https://name:password@host/": all before the '@' goes.</summary>
internal static class UserInfoScrub
{
    public static string Run(string text)
    {
        var rewriter = new Rewriter(text);
        for (var i = text.IndexOf("://", StringComparison.Ordinal); i >= 0; i = text.IndexOf("://", i + 3, StringComparison.Ordinal))
        {
            var start = i + 3;
            var length = text.AsSpan(start).IndexOfAny("/?# \t\r\n\"'<>()");
            var authority = text.AsSpan(start, length < 0 ? text.Length - start : length);
            var at = authority.LastIndexOf('@');
            if (at > 0 && !authority[..at].SequenceEqual(Scrub.Filtered))
                rewriter.Replace(start, start + at, Scrub.Filtered);
        }

        return rewriter.Result();
    }
}
