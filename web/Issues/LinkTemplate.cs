using System.Text;

namespace ErrorPipeline.Web.Issues;

/// <summary>
/// An address with places in it, "https://git.example/shop/blob/{commit|main}/{file}#L{line}": what stands behind the bar is taken where a place has no value.
/// What fills a place is escaped, and no place is in the host: wherever the values come from, the link leads to the site that the project's people chose.
/// </summary>
internal sealed class LinkTemplate
{
    private const int Longest = 500;

    private readonly List<Part> _parts;
    private readonly string _host;

    private LinkTemplate(List<Part> parts, string host) => (_parts, _host) = (parts, host);

    /// <summary>Null where the text is none, with the reason for people.</summary>
    public static LinkTemplate? Parse(string? text, IReadOnlyCollection<string> names, out string? problem)
    {
        problem = Wrong(text, names, out var parts);
        return problem is null ? new(parts, new Uri(text!.Split('{', 2)[0]).Authority) : null;
    }

    public bool Asks(string name) => _parts.Any(part => part.IsPlace && part.Text == name);

    /// <summary>Null where a place has no value, or what comes out is no address of the template's host.</summary>
    public string? Fill(Func<string, string?> valueOf)
    {
        var filled = new StringBuilder();
        foreach (var part in _parts)
        {
            if (!part.IsPlace)
                filled.Append(part.Text);
            else if (valueOf(part.Text) is { Length: > 0 } value)
                filled.Append(part.Text == "file" ? Path(value) : Uri.EscapeDataString(value));
            else if (part.Otherwise is { } otherwise)
                filled.Append(otherwise);
            else
                return null;
        }

        return Uri.TryCreate(filled.ToString(), UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.Authority == _host ? url.AbsoluteUri : null;
    }

    private static string Path(string value) => string.Join('/', value.Split('/').Where(part => part is not ("" or "." or "..")).Select(Uri.EscapeDataString));

    private static string? Wrong(string? text, IReadOnlyCollection<string> names, out List<Part> parts)
    {
        parts = [];
        if (text is null || text.Length > Longest)
            return $"An address has at most {Longest} characters.";
        if (text.Any(c => char.IsWhiteSpace(c) || char.IsControl(c)))
            return "An address has no spaces in it.";
        var rest = text.AsSpan();
        while (!rest.IsEmpty)
        {
            var open = rest.IndexOf('{');
            if (open != 0)
            {
                parts.Add(new(rest[..(open < 0 ? rest.Length : open)].ToString(), IsPlace: false, null));
                rest = open < 0 ? default : rest[open..];
                continue;
            }

            var close = rest.IndexOf('}');
            if (close < 0)
                return "A { is not closed.";
            var place = rest[1..close].ToString().Split('|', 2);
            if (!names.Contains(place[0]))
                return $"There is no {{{place[0]}}}: use {string.Join(", ", names.Select(name => $"{{{name}}}"))}.";
            parts.Add(new(place[0], IsPlace: true, place.Length == 2 ? place[1] : null));
            rest = rest[(close + 1)..];
        }

        return WrongAddress(text.Split('{', 2)[0]);
    }

    /// <summary>What stands before the first place must name scheme and host to their end.</summary>
    private static string? WrongAddress(string beginning) =>
        Uri.TryCreate(beginning, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.UserInfo.Length == 0 && url.Host.Length > 0
            && beginning.IndexOf('/', beginning.IndexOf("://", StringComparison.Ordinal) + 3) > 0
            ? null : "Write a whole address that begins with https:// or http://, a host and a slash; places come behind that.";

    private sealed record Part(string Text, bool IsPlace, string? Otherwise);
}
