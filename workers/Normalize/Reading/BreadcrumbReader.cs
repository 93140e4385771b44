using System.Text.Json;

namespace ErrorPipeline.Workers.Normalize.Reading;

/// <summary>Breadcrumbs, oldest first; of too many the newest are kept, because they led to the error.</summary>
internal static class BreadcrumbReader
{
    /// <param name="json">What the reader reads.</param>
    public static IReadOnlyList<ReadCrumb> Read(ref Utf8JsonReader reader, ReadOnlyMemory<byte> json)
    {
        var crumbs = new Queue<ReadCrumb>();
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return [];
        }

        while (JsonFields.NextElement(ref reader))
        {
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                reader.Skip();
                continue;
            }

            if (crumbs.Count == FieldLimits.Breadcrumbs)
                crumbs.Dequeue();
            crumbs.Enqueue(ReadOne(ref reader, json));
        }

        return crumbs.ToArray();
    }

    private static ReadCrumb ReadOne(ref Utf8JsonReader reader, ReadOnlyMemory<byte> json)
    {
        var crumb = new ReadCrumb(null, null, null, null, default);
        while (JsonFields.NextProperty(ref reader, out var name))
        {
            switch (name)
            {
                case "timestamp": crumb = crumb with { Timestamp = JsonFields.Time(ref reader) }; break;
                case "category": crumb = crumb with { Category = JsonFields.Text(ref reader, FieldLimits.TagKey) }; break;
                case "level": crumb = crumb with { Level = JsonFields.Text(ref reader, FieldLimits.TagKey) }; break;
                case "message": crumb = crumb with { Message = JsonFields.Text(ref reader, FieldLimits.BreadcrumbMessage) }; break;
                case "data": crumb = crumb with { Data = JsonFields.Slice(ref reader, json) }; break;
                default: reader.Skip(); break;
            }
        }

        return crumb;
    }
}
