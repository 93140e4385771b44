using System.Text.Json;

namespace ErrorPipeline.Shared.SourceMaps;

/// <summary>Reads the JSON of a map into fields and says what is wrong with it, by its path.</summary>
internal ref partial struct MapJson
{
    private readonly ReadOnlySpan<byte> _json;
    private readonly SourceMapLimits _limits;
    private Utf8JsonReader _reader;
    private int _sections;
    private int _sources;
    private int _names;

    private MapJson(ReadOnlySpan<byte> json, SourceMapLimits limits)
    {
        _json = json;
        _limits = limits;
        // Generators have been seen to leave trailing commas, the suite of ECMA-426 has some.
        _reader = new Utf8JsonReader(json, new JsonReaderOptions { AllowTrailingCommas = true, MaxDepth = 128 });
    }

    public static MapFields Read(ReadOnlySpan<byte> json, SourceMapLimits limits)
    {
        var read = new MapJson(json, limits);
        try
        {
            if (!read._reader.Read() || read._reader.TokenType != JsonTokenType.StartObject)
                throw new SourceMapException("a source map is a JSON object");
            var fields = read.Map("", 0);
            read._reader.Read();
            return fields;
        }
        catch (JsonException broken)
        {
            throw new SourceMapException($"not valid JSON at line {broken.LineNumber + 1}, byte {broken.BytePositionInLine + 1}", broken);
        }
    }

    private MapFields Map(string path, int depth)
    {
        var map = new MapFields();
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            var field = KnownField();
            _reader.Read();
            if (field is null)
                _reader.Skip();
            else
                Field(map, field, path, depth);
        }

        if (!map.Version)
            throw new SourceMapException($"{path}version is missing, it must be 3");
        if (map.Sections is not null && map.Mappings is not null)
            throw new SourceMapException($"{path}sections and mappings exclude each other");
        if (map.Sections is null && map.Mappings is null)
            throw new SourceMapException($"{path}mappings is missing");
        if (map.Sections is null && map.Sources is null)
            throw new SourceMapException($"{path}sources is missing");
        return map;
    }

    private readonly string? KnownField()
    {
        foreach (var field in (ReadOnlySpan<string>)["version", "file", "sourceRoot", "sources", "sourcesContent", "names", "mappings", "rangeMappings", "scopes",
            "ignoreList", "x_google_ignoreList", "sections", "debugId", "debug_id", "x_facebook_sources", "x_hermes_function_offsets"])
        {
            if (_reader.ValueTextEquals(field))
                return field;
        }

        return null;
    }

    private void Field(MapFields map, string field, string path, int depth)
    {
        switch (field)
        {
            case "version":
                map.Version = _reader.TokenType == JsonTokenType.Number && _reader.GetDouble() == 3
                ? true : throw new SourceMapException($"{path}version must be the number 3"); break;
            case "file": map.File = OptionalText(path + field, _limits.SourceLength); break;
            case "sourceRoot": map.SourceRoot = OptionalText(path + field, _limits.SourceLength); break;
            case "sources": map.Sources = Sources(path); break;
            case "sourcesContent": map.SourcesContent = Contents(path); break;
            case "names": map.Names = Names(path); break;
            case "mappings": map.Mappings = Text(path + field); break;
            case "rangeMappings": map.RangeMappings = Text(path + field); break;
            case "scopes": OptionalText(path + field, int.MaxValue); break;
            case "ignoreList": map.IgnoreList = IgnoreList(path + field); break;
            case "x_google_ignoreList": map.OldIgnoreList = IgnoreList(path + field); break;
            case "sections": map.Sections = Sections(path, depth + 1); break;
            case "x_facebook_sources": map.FunctionMaps = FacebookFields.Sources(ref _reader); break;
            case "x_hermes_function_offsets": map.HermesOffsets = FacebookFields.Offsets(ref _reader); break;
            default: map.DebugId = DebugId() ?? map.DebugId; break;
        }
    }

    private readonly JsonSlice Slice() => new((int)_reader.TokenStartIndex + 1, _reader.ValueSpan.Length, _reader.ValueIsEscaped);

    private readonly JsonSlice Text(string path) =>
        _reader.TokenType == JsonTokenType.String ? Slice() : throw new SourceMapException($"{path} must be a string");

    /// <summary>Null stands for a missing field, as many generators write it.</summary>
    private readonly string? OptionalText(string path, int most) =>
        _reader.TokenType == JsonTokenType.Null ? null : Bounded(Text(path), path, most);

    private readonly string Bounded(JsonSlice slice, string path, int most) => slice.Length <= most
        ? slice.Text(_json) : throw new SourceMapException($"{path} is {slice.Length} bytes long, more than the limit of {most}");

    private readonly bool BeginList(string path)
    {
        if (_reader.TokenType is not (JsonTokenType.StartArray or JsonTokenType.Null))
            throw new SourceMapException($"{path} must be a list");
        return _reader.TokenType == JsonTokenType.StartArray;
    }

    private bool Next() => _reader.Read() && _reader.TokenType != JsonTokenType.EndArray;

    private List<string?>? Sources(string path)
    {
        if (!BeginList($"{path}sources"))
            throw new SourceMapException($"{path}sources must be a list");
        var sources = new List<string?>();
        while (Next())
        {
            if (++_sources > _limits.Entries)
                throw new SourceMapException($"{path}sources has more entries than the limit of {_limits.Entries}");
            if (_reader.TokenType is not (JsonTokenType.String or JsonTokenType.Null))
                throw new SourceMapException($"{path}sources[{sources.Count}] must be a string or null");
            sources.Add(_reader.TokenType == JsonTokenType.Null ? null : Bounded(Slice(), $"{path}sources[{sources.Count}]", _limits.SourceLength));
        }

        return sources;
    }

    private List<JsonSlice?> Contents(string path)
    {
        var contents = new List<JsonSlice?>();
        for (var more = BeginList($"{path}sourcesContent") && Next(); more; more = Next())
        {
            if (contents.Count > _limits.Entries)
                throw new SourceMapException($"{path}sourcesContent has more entries than the limit of {_limits.Entries}");
            if (_reader.TokenType is not (JsonTokenType.String or JsonTokenType.Null))
                throw new SourceMapException($"{path}sourcesContent[{contents.Count}] must be a string or null");
            contents.Add(_reader.TokenType == JsonTokenType.Null ? null : Slice());
        }

        return contents;
    }

    private List<string> Names(string path)
    {
        var names = new List<string>();
        for (var more = BeginList($"{path}names") && Next(); more; more = Next())
        {
            if (++_names > _limits.Entries)
                throw new SourceMapException($"{path}names has more entries than the limit of {_limits.Entries}");
            if (_reader.TokenType != JsonTokenType.String)
                throw new SourceMapException($"{path}names[{names.Count}] must be a string");
            names.Add(Bounded(Slice(), $"{path}names[{names.Count}]", _limits.NameLength));
        }

        return names;
    }

    private List<int>? IgnoreList(string path)
    {
        if (!BeginList(path))
            return null;
        var list = new List<int>();
        while (Next())
        {
            if (_reader.TokenType != JsonTokenType.Null)
                list.Add(Whole($"{path}[{list.Count}]", "an index of sources"));
        }

        return list;
    }

    private readonly int Whole(string path, string what)
    {
        if (_reader.TokenType != JsonTokenType.Number || _reader.GetDouble() is not (>= 0 and <= int.MaxValue) || Math.Floor(_reader.GetDouble()) != _reader.GetDouble())
            throw new SourceMapException($"{path} must be {what}");
        return (int)_reader.GetDouble();
    }

    /// <summary>Anything but a UUID counts as no id, as the proposal says.</summary>
    private Guid? DebugId()
    {
        if (_reader.TokenType == JsonTokenType.String)
            return _reader.ValueSpan.Length <= 100 ? SourceMaps.DebugId.Parse(Slice().Text(_json)) : null;
        _reader.Skip();
        return null;
    }
}
