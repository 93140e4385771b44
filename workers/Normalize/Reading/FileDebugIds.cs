using System.Text.Json;
using ErrorPipeline.Shared.SourceMaps;

namespace ErrorPipeline.Workers.Normalize.Reading;

/// <summary>The debug ids that a client told of the files of its page. Query and fragment do not tell files apart.</summary>
internal sealed class FileDebugIds
{
    private const int Most = 100;

    public static readonly FileDebugIds None = new();

    private readonly Dictionary<string, Guid> _ids = new(StringComparer.Ordinal);

    /// <summary>Each file and id, for a signature.</summary>
    public IEnumerable<string> Pairs => _ids.Select(pair => $"{pair.Key} {pair.Value}");

    /// <summary>Of a file that is told twice the first counts; what is no id is ignored.</summary>
    public FileDebugIds Add(string? file, string? id)
    {
        if (file is not null && DebugId.Parse(id) is { } parsed && _ids.Count < Most)
            _ids.TryAdd(Bare(file), parsed);
        return this;
    }

    public Guid? Find(string? file) => _ids.Count > 0 && file is not null && _ids.TryGetValue(Bare(file), out var id) ? id : null;

    /// <summary>An object of ids by file, as the native protocol has it.</summary>
    public static FileDebugIds Read(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return None;
        }

        var ids = new FileDebugIds();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var file = CleanText.Unescape(reader.ValueSpan, FieldLimits.Url);
            reader.Read();
            ids.Add(file, JsonFields.Text(ref reader, FieldLimits.Name));
        }

        return ids;
    }

    private static string Bare(string file) => file.IndexOfAny(['?', '#']) is >= 0 and var end ? file[..end] : file;
}
