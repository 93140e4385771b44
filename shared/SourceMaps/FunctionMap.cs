using System.Text;

namespace ErrorPipeline.Shared.SourceMaps;

/// <summary>
/// Which function encloses a place of an original source, as React Native's bundler writes it in x_facebook_sources:
/// per source a list of names and mappings (column, name and, at the start of each line, line; all deltas).
/// </summary>
internal sealed class FunctionMap
{
    private readonly (int Line, int Column, int Name)[] _starts;
    private readonly string[] _names;

    private FunctionMap((int, int, int)[] starts, string[] names)
    {
        _starts = starts;
        _names = names;
    }

    public long Bytes => _starts.Length * 12L + _names.Sum(name => 30L + name.Length * 2);

    /// <summary>Null where the mappings are broken: the extension is a help, no reason to refuse the map.</summary>
    public static FunctionMap? Read(string[] names, string mappings)
    {
        var text = Encoding.UTF8.GetBytes(mappings);
        var starts = new List<(int, int, int)>();
        long line = 1, column = 0, name = 0;
        for (var at = 0; at < text.Length;)
        {
            if (text[at] is (byte)',' or (byte)';')
            {
                column = text[at++] == (byte)';' ? 0 : column;
                continue;
            }

            if (Vlq.Signed(text, ref at, out var step) != VlqFault.None)
                return null;
            column += step;
            if (Vlq.Signed(text, ref at, out step) != VlqFault.None)
                return null;
            name += step;
            if (at < text.Length && text[at] is not ((byte)',' or (byte)';'))
            {
                if (Vlq.Signed(text, ref at, out step) != VlqFault.None)
                    return null;
                line += step;
            }

            if (line is < 1 or > int.MaxValue || column is < 0 or > int.MaxValue || name < 0 || name >= names.Length)
                return null;
            starts.Add(((int)line - 1, (int)column, (int)name));
        }

        starts.Sort((a, b) => (a.Item1, a.Item2).CompareTo((b.Item1, b.Item2)));
        return new FunctionMap([.. starts], names);
    }

    /// <summary>The name of the innermost function around a 0-based place, "&lt;global&gt;" outside of all.</summary>
    public string? Find(int line, int column)
    {
        int low = 0, high = _starts.Length;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_starts[middle].Line < line || (_starts[middle].Line == line && _starts[middle].Column <= column))
                low = middle + 1;
            else
                high = middle;
        }

        return low == 0 ? null : _names[_starts[low - 1].Name];
    }
}
