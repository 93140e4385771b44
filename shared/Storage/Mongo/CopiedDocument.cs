using System.Globalization;
using System.Text;
using ErrorPipeline.Shared.Storage.Copying;
using ErrorPipeline.Shared.Storage.Mongo.Bson;

namespace ErrorPipeline.Shared.Storage.Mongo;

/// <summary>A row of a copy as a document.</summary>
internal static class CopiedDocument
{
    /// <summary>Before the number or the text that the place of a document is.</summary>
    public const char NumberPlace = 'n';

    private const char TextPlace = 's';

    public static void Write(BsonWriter document, CopiedTable table, CopiedRow row)
    {
        for (var i = 0; i < table.Columns.Count; i++)
        {
            var column = table.Columns[i];
            var field = Encoding.UTF8.GetBytes(column.Field);
            switch (row.Values[i])
            {
                case long number when column.Kind == CopiedKind.Int32:
                    document.Int32(field, checked((int)number));
                    break;
                case long number when column.Kind == CopiedKind.Bool:
                    document.Bool(field, number != 0);
                    break;
                case long number:
                    document.Int64(field, number);
                    break;
                case string text when column.Kind == CopiedKind.Json:
                    document.Binary(field, Encoding.UTF8.GetBytes(text));
                    break;
                case string text when column.Kind == CopiedKind.Lines:
                    WriteLines(document, field, text);
                    break;
                case string text:
                    document.String(field, text);
                    break;
                case byte[] bytes:
                    document.Binary(field, bytes);
                    break;
                case null when column.Null == CopiedNull.Written:
                    document.Null(field);
                    break;
                case null when column.Null == CopiedNull.Zero:
                    document.Int64(field, 0);
                    break;
            }
        }
    }

    public static CopiedRow Read(CopiedTable table, BsonView found)
    {
        var values = new object?[table.Columns.Count];
        for (var i = 0; i < values.Length; i++)
        {
            var column = table.Columns[i];
            values[i] = found.TryFind(Encoding.UTF8.GetBytes(column.Field), out var element) && !element.IsNull ? Read(column, element) : None(column);
            if (column.Null == CopiedNull.Zero && values[i] is 0L)
                values[i] = null;
        }

        var id = found["_id"u8];
        return new(values, id.Type == BsonType.String ? TextPlace + id.String() : NumberPlace + id.Int64().ToString(CultureInfo.InvariantCulture));
    }

    private static object Read(CopiedColumn column, BsonElement element)
    {
        switch (column.Kind)
        {
            case CopiedKind.Int64 or CopiedKind.Int32:
                return element.Int64();
            case CopiedKind.Bool:
                return element.Bool() ? 1L : 0L;
            case CopiedKind.Text:
                return element.String();
            case CopiedKind.Json:
                return Encoding.UTF8.GetString(element.Binary());
            case CopiedKind.Lines:
                List<string> lines = [];
                foreach (var line in element.Document())
                    lines.Add(line.String());
                return string.Join('\n', lines);
            default:
                // The content of a blob is named here, and lies elsewhere.
                return element.Type == BsonType.String ? Encoding.UTF8.GetBytes(element.String()) : element.Binary().ToArray();
        }
    }

    private static object? None(CopiedColumn column) => column.Null != CopiedNull.Never ? null : column.Kind switch
    {
        CopiedKind.Int64 or CopiedKind.Int32 or CopiedKind.Bool => 0L,
        CopiedKind.Bytes => Array.Empty<byte>(),
        _ => "",
    };

    private static void WriteLines(BsonWriter document, byte[] field, string text)
    {
        using var array = document.Array(field);
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            document.String(default, line);
    }
}
