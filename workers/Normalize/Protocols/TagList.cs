using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Workers.Normalize.Reading;

namespace ErrorPipeline.Workers.Normalize.Protocols;

/// <summary>Tags of all the places where a client keeps them; of double keys the last counts.</summary>
internal sealed class TagList
{
    private readonly Dictionary<string, string> _tags = [];

    public TagList Add(string key, string? value)
    {
        key = CleanText.Clean(key, FieldLimits.TagKey);
        if (key.Length > 0 && value is not null && (_tags.Count < FieldLimits.Tags || _tags.ContainsKey(key)))
            _tags[key] = CleanText.Clean(value, FieldLimits.TagValue);
        return this;
    }

    public TagList Add(string key, JsonValue value) => Add(key, value.Scalar(FieldLimits.TagValue));

    public TagList AddAll(JsonValue values)
    {
        foreach (var (key, value) in values.Properties)
            Add(key, value);
        return this;
    }

    /// <summary>Tags that are only words: they are there or they are not.</summary>
    public TagList AddWords(JsonValue words)
    {
        foreach (var word in words.Items)
            Add(word.Scalar(FieldLimits.TagKey) ?? "", "true");
        return this;
    }

    public IReadOnlyList<Tag> ToList() => [.. _tags.Select(tag => new Tag(tag.Key, tag.Value))];
}
