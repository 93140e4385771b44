using System.Text.Json;

namespace ErrorPipeline.Shared.SourceMaps;

/// <summary>Index maps: a list of maps, each with the place where it begins.</summary>
internal ref partial struct MapJson
{
    private List<MapSection> Sections(string path, int depth)
    {
        if (_reader.TokenType != JsonTokenType.StartArray)
            throw new SourceMapException($"{path}sections must be a list");
        if (depth > _limits.Depth)
            throw new SourceMapException($"{path}sections: index maps are nested deeper than the limit of {_limits.Depth}");
        var sections = new List<MapSection>();
        while (Next())
        {
            if (++_sections > _limits.Sections)
                throw new SourceMapException($"{path}sections: more than the limit of {_limits.Sections} sections");
            var section = Section($"{path}sections[{sections.Count}]", depth);
            sections.Add(section);
        }

        return sections;
    }

    private MapSection Section(string path, int depth)
    {
        if (_reader.TokenType != JsonTokenType.StartObject)
            throw new SourceMapException($"{path} must be an object");
        (int Line, int Column)? offset = null;
        MapFields? map = null;
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            var isOffset = _reader.ValueTextEquals("offset"u8);
            var isMap = _reader.ValueTextEquals("map"u8);
            _reader.Read();
            if (isOffset)
                offset = Offset($"{path}.offset");
            else if (!isMap)
                _reader.Skip();
            else
                map = _reader.TokenType == JsonTokenType.StartObject ? Map($"{path}.map.", depth) : throw new SourceMapException($"{path}.map must be an object");
        }

        if (offset is not { } at)
            throw new SourceMapException($"{path}.offset is missing");
        return new MapSection(at.Line, at.Column, map ?? throw new SourceMapException($"{path}.map is missing; sections by url are not supported"));
    }

    private (int Line, int Column) Offset(string path)
    {
        if (_reader.TokenType != JsonTokenType.StartObject)
            throw new SourceMapException($"{path} must be an object");
        int? line = null, column = null;
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            var isLine = _reader.ValueTextEquals("line"u8);
            var isColumn = _reader.ValueTextEquals("column"u8);
            _reader.Read();
            if (isLine)
                line = Whole($"{path}.line", "a whole number");
            else if (isColumn)
                column = Whole($"{path}.column", "a whole number");
            else
                _reader.Skip();
        }

        return (line ?? throw new SourceMapException($"{path}.line is missing"), column ?? throw new SourceMapException($"{path}.column is missing"));
    }
}
