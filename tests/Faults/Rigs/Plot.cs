using System.Globalization;
using System.Text;

namespace ErrorPipeline.Faults.Rigs;

/// <summary>Lines over time, one small picture under the other, as SVG.</summary>
internal static class Plot
{
    private const int Width = 720;
    private const int Height = 90;
    private const int Left = 60;
    private const int Head = 22;

    public static string Svg(string title, IReadOnlyList<double> seconds, IReadOnlyDictionary<string, List<double>> lines)
    {
        var total = Head + 12 + (lines.Count * (Height + Head));
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {total}\" font-family=\"sans-serif\" font-size=\"11\">\n");
        svg.Append(CultureInfo.InvariantCulture, $"<rect width=\"{Width}\" height=\"{total}\" fill=\"#fff\"/>\n<text x=\"8\" y=\"16\" font-size=\"13\" font-weight=\"bold\">{title}</text>\n");
        var top = Head;
        foreach (var (name, values) in lines)
        {
            Panel(svg, name, seconds, values, top);
            top += Height + Head;
        }

        return svg.Append("</svg>\n").ToString();
    }

    private static void Panel(StringBuilder svg, string name, IReadOnlyList<double> seconds, List<double> values, int top)
    {
        var most = Math.Max(values.DefaultIfEmpty(0).Max() * 1.1, 1);
        var length = Math.Max(seconds.DefaultIfEmpty(0).Max(), 1);
        var (floor, right) = (top + Head + Height - 14, Width - 12);
        string X(double s) => (Left + ((right - Left) * s / length)).ToString("0.0", CultureInfo.InvariantCulture);
        string Y(double v) => (floor - ((Height - 20) * v / most)).ToString("0.0", CultureInfo.InvariantCulture);
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Left}\" y=\"{top + 15}\">{name}</text>\n");
        svg.Append(CultureInfo.InvariantCulture, $"<path d=\"M{Left} {top + 22}V{floor}H{right}\" fill=\"none\" stroke=\"#999\"/>\n");
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Left - 5}\" y=\"{floor}\" text-anchor=\"end\">0</text><text x=\"{Left - 5}\" y=\"{top + 30}\" text-anchor=\"end\">{most:0.#}</text>\n");
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{right}\" y=\"{floor + 12}\" text-anchor=\"end\">{length / 60:0.#} min</text>\n");
        var points = string.Join(' ', values.Zip(seconds, (v, s) => $"{X(s)},{Y(v)}"));
        svg.Append(CultureInfo.InvariantCulture, $"<polyline points=\"{points}\" fill=\"none\" stroke=\"#1f6feb\" stroke-width=\"1.5\"/>\n");
    }
}
