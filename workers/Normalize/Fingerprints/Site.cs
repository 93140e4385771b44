namespace ErrorPipeline.Workers.Normalize.Fingerprints;

/// <summary>Hosts of addresses, and which of them belong together.</summary>
internal static class Site
{
    /// <summary>Lower case, without port; null for what has no host.</summary>
    public static string? HostOf(string address)
    {
        var text = address.AsSpan();
        if (text.StartsWith("blob:"))
            text = text[5..];
        if (!text.StartsWith("http://") && !text.StartsWith("https://"))
            return null;
        text = text[(text.IndexOf("://") + 3)..];
        var end = text.IndexOfAny('/', '?', '#');
        if (end >= 0)
            text = text[..end];
        text = text[(text.LastIndexOf('@') + 1)..];
        var port = text.LastIndexOf(':');
        if (port > 0 && text[^1] != ']')
            text = text[..port];
        return text.IsEmpty ? null : text.ToString().ToLowerInvariant();
    }

    /// <summary>
    /// The last two labels, three under "co.uk" and the like. Without the list of public suffixes this takes neighbours on a shared
    /// host for one site, which only makes an error "ours" more readily.
    /// </summary>
    public static string Of(string host)
    {
        if (host.Length == 0 || char.IsAsciiDigit(host[^1]) || host[^1] == ']')
            return host;
        var labels = host.Split('.');
        var kept = labels.Length > 2 && labels[^1].Length == 2 && labels[^2] is "co" or "com" or "org" or "net" or "ac" or "gov" or "edu" ? 3 : 2;
        return labels.Length <= kept ? host : string.Join('.', labels[^kept..]);
    }

    /// <summary>"https://a.test:8080"; null for what has no host.</summary>
    public static string? OriginOf(string? address)
    {
        if (address is null || HostOf(address) is null)
            return null;
        var start = address.IndexOf("://", StringComparison.Ordinal) + 3;
        var end = address.AsSpan(start).IndexOfAny('/', '?', '#');
        var origin = end < 0 ? address : address[..(start + end)];
        return origin.StartsWith("blob:", StringComparison.Ordinal) ? origin[5..] : origin;
    }

    /// <summary>Origin and path without query and fragment; null for null.</summary>
    public static string? PageOf(string? url)
    {
        if (url is null)
            return null;
        var end = url.AsSpan().IndexOfAny('?', '#');
        return end < 0 ? url : url[..end];
    }
}
