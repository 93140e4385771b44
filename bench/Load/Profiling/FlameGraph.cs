using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace ErrorPipeline.Load.Profiling;

/// <summary>Stacks as a picture: the wider a call, the more of the time it and what it called took. A pointer over a call tells its whole name.</summary>
internal static partial class FlameGraph
{
    private const int Width = 1400;
    private const int Row = 17;
    private const int Head = 44;

    /// <summary>A call that takes less of all samples is left out, with what it called.</summary>
    private const double Least = 0.002;

    /// <param name="title">Of the picture.</param>
    /// <param name="stacks">Each the outermost call first.</param>
    public static string Svg(string title, IReadOnlyList<IReadOnlyList<string>> stacks)
    {
        var root = new Call();
        foreach (var stack in stacks)
            root.Add(stack.Where(call => !call.StartsWith("[unknown]", StringComparison.Ordinal)).Select(Short));
        var rows = root.Depth(Math.Max(1, (long)(stacks.Count * Least)));
        var height = Head + (rows * Row) + 8;
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {height}\" font-family=\"monospace\" font-size=\"11\">\n");
        svg.Append(CultureInfo.InvariantCulture, $"<rect width=\"{Width}\" height=\"{height}\" fill=\"#fff\"/>\n<text x=\"8\" y=\"20\" font-size=\"15\" font-weight=\"bold\" font-family=\"sans-serif\">{WebUtility.HtmlEncode(title)}</text>\n");
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"8\" y=\"36\" font-family=\"sans-serif\">{stacks.Count:N0} samples; blue is ErrorPipeline, orange libraries and the framework, grey what is not managed</text>\n");
        Draw(svg, root, 0, 0, stacks.Count);
        return svg.Append("</svg>\n").ToString();
    }

    /// <summary>Type and method, without assemblies, signature and tier.</summary>
    internal static string Short(string call)
    {
        var method = call.IndexOf("::", StringComparison.Ordinal);
        if (method < 0)
            return Native().Replace(call, "").Trim() is { Length: > 0 } name ? name : call;
        var end = call.IndexOf('(', method);
        var whole = Generic().Replace(end < 0 ? call : call[..end], "");
        return whole[(whole.LastIndexOf(' ') + 1)..];
    }

    private static void Draw(StringBuilder svg, Call call, long from, int depth, long all)
    {
        foreach (var (name, inner) in call.Calls.OrderBy(c => c.Key, StringComparer.Ordinal))
        {
            if (inner.Count >= all * Least)
            {
                var (x, width, y) = (from * (double)Width / all, inner.Count * (double)Width / all, Head + (depth * Row));
                var letters = (int)((width - 6) / 6.7);
                var last = name[(name.LastIndexOf('.', Math.Max(0, name.IndexOf("::", StringComparison.Ordinal))) + 1)..];
                svg.Append(CultureInfo.InvariantCulture, $"<g><title>{WebUtility.HtmlEncode(name)}: {inner.Count / (double)all:P1}</title><rect x=\"{x:0.0}\" y=\"{y}\" width=\"{Math.Max(0.4, width - 0.6):0.0}\" height=\"{Row - 1}\" fill=\"{Colour(name)}\"/>");
                if (letters >= 4)
                    svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{x + 3:0.0}\" y=\"{y + 12}\">{WebUtility.HtmlEncode(last.Length > letters ? last[..letters] : last)}</text>");
                svg.Append("</g>\n");
                Draw(svg, inner, from, depth + 1, all);
            }

            from += inner.Count;
        }
    }

    private static string Colour(string name) => name.StartsWith("ErrorPipeline", StringComparison.Ordinal) ? "#9ec5fe" : name.Contains("::", StringComparison.Ordinal) ? "#fecba1" : "#dee2e6";

    [GeneratedRegex(@"\s*\((/|\[)[^)]*\)$|\+0x[0-9a-f]+", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Native();

    [GeneratedRegex(@"\[[^\[\]]*\]|`\d+|<[^<>]*>(?=::)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Generic();

    private sealed class Call
    {
        public long Count { get; private set; }

        public Dictionary<string, Call> Calls { get; } = new(StringComparer.Ordinal);

        public void Add(IEnumerable<string> stack)
        {
            var call = this;
            call.Count++;
            foreach (var inner in stack)
            {
                if (!call.Calls.TryGetValue(inner, out var next))
                    call.Calls[inner] = next = new();
                call = next;
                call.Count++;
            }
        }

        public int Depth(long least) => Calls.Values.Where(c => c.Count >= least).Select(c => 1 + c.Depth(least)).DefaultIfEmpty(0).Max();
    }
}
