using System.Text;
using System.Text.Json;
using ErrorPipeline.Shared.SourceMaps;

namespace ErrorPipeline.Shared.Tests.SourceMaps;

/// <summary>A mapping as tests write it; source -1 where the code has no original, name -1 where the token has none.</summary>
internal sealed record Mapping(int Line, int Column, int Source = -1, int OriginalLine = 0, int OriginalColumn = 0, int Name = -1);

/// <summary>Writes maps, by the book and independently of the decoder.</summary>
internal static class MapText
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    public static string Json(IEnumerable<Mapping> mappings, string[] sources, string[] names, string[]? contents = null, Guid? debugId = null) =>
        JsonSerializer.Serialize(new { version = 3, sources, names, sourcesContent = contents ?? [], mappings = Mappings(mappings), debugId });

    public static SourceMap Map(IEnumerable<Mapping> mappings, string[] sources, string[] names, string[]? contents = null, Guid? debugId = null) =>
        Decode(Json(mappings, sources, names, contents, debugId));

    public static SourceMap Decode(string json, SourceMapLimits? limits = null) => SourceMap.Decode(Encoding.UTF8.GetBytes(json), limits);

    public static string Mappings(IEnumerable<Mapping> mappings)
    {
        var text = new StringBuilder();
        var before = new Mapping(0, 0, 0, 0, 0, 0);
        var first = true;
        foreach (var mapping in mappings)
        {
            first |= mapping.Line > before.Line;
            text.Append(';', mapping.Line - before.Line).Append(first ? "" : ",");
            Vlq(text, mapping.Column - (first ? 0 : before.Column));
            if (mapping.Source >= 0)
            {
                Vlq(text, mapping.Source - before.Source);
                Vlq(text, mapping.OriginalLine - before.OriginalLine);
                Vlq(text, mapping.OriginalColumn - before.OriginalColumn);
                if (mapping.Name >= 0)
                    Vlq(text, mapping.Name - before.Name);
                before = mapping with { Name = mapping.Name >= 0 ? mapping.Name : before.Name };
            }

            before = before with { Line = mapping.Line, Column = mapping.Column };
            first = false;
        }

        return text.ToString();
    }

    private static void Vlq(StringBuilder text, int value)
    {
        var rest = value < 0 ? ((ulong)-(long)value << 1) | 1 : (ulong)value << 1;
        do
        {
            var digit = (int)(rest & 31);
            rest >>= 5;
            text.Append(Alphabet[rest > 0 ? digit | 32 : digit]);
        }
        while (rest > 0);
    }
}
