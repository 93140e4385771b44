using System.Text.Json;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Workers.Normalize.Scrubbing;

namespace ErrorPipeline.Workers.Normalize.Reading;

/// <summary>Breadcrumbs, oldest first; of too many the newest are kept, because they led to the error.</summary>
internal static class BreadcrumbReader
{
    public static IReadOnlyList<Breadcrumb> Read(ref Utf8JsonReader reader)
    {
        var crumbs = new Queue<Breadcrumb>();
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
            crumbs.Enqueue(ReadOne(ref reader));
        }

        return crumbs.ToArray();
    }

    private static Breadcrumb ReadOne(ref Utf8JsonReader reader)
    {
        var crumb = new Breadcrumb(null, null, null, null, null);
        while (JsonFields.NextProperty(ref reader, out var name))
        {
            switch (name)
            {
                case "timestamp": crumb = crumb with { Timestamp = JsonFields.Time(ref reader) }; break;
                case "category": crumb = crumb with { Category = Scrub.Text(JsonFields.Text(ref reader, FieldLimits.TagKey)) }; break;
                case "level": crumb = crumb with { Level = Scrub.Text(JsonFields.Text(ref reader, FieldLimits.TagKey)) }; break;
                case "message": crumb = crumb with { Message = Scrub.Text(JsonFields.Text(ref reader, FieldLimits.BreadcrumbMessage)) }; break;
                case "data": crumb = crumb with { Data = JsonCopy.Scrubbed(ref reader, FieldLimits.BreadcrumbData) }; break;
                default: reader.Skip(); break;
            }
        }

        return crumb;
    }
}
