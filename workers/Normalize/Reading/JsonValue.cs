using System.Globalization;
using System.Text;
using System.Text.Json;

namespace ErrorPipeline.Workers.Normalize.Reading;

/// <summary>A value of a <see cref="JsonTree"/>. What is asked of a value of another type is absent: null, nothing, <see cref="Missing"/>.</summary>
internal sealed class JsonValue(JsonTokenType kind)
{
    private static readonly List<(string Name, JsonValue Value)> None = [];

    public static readonly JsonValue Missing = new(JsonTokenType.None);

    private readonly List<(string Name, JsonValue Value)> _children = kind is JsonTokenType.StartObject or JsonTokenType.StartArray ? [] : None;

    public JsonTokenType Kind { get; } = kind;

    /// <summary>The value's own bytes, a string with its quotes; empty for a container that its text ended in.</summary>
    public ReadOnlyMemory<byte> Raw { get; set; }

    public bool IsContainer => Kind is JsonTokenType.StartObject or JsonTokenType.StartArray;

    public bool IsObject => Kind == JsonTokenType.StartObject;

    /// <summary>Not there, null, or an empty text, object or array.</summary>
    public bool IsNothing => Kind is JsonTokenType.None or JsonTokenType.Null || (IsContainer && _children.Count == 0) || (Kind == JsonTokenType.String && Raw.Length == 2);

    /// <summary>Of double names the last.</summary>
    public JsonValue this[string name]
    {
        get
        {
            for (var i = _children.Count - 1; i >= 0; i--)
            {
                if (_children[i].Name == name && IsObject)
                    return _children[i].Value;
            }

            return Missing;
        }
    }

    public IEnumerable<JsonValue> Items => Kind == JsonTokenType.StartArray ? _children.Select(child => child.Value) : [];

    public IEnumerable<(string Name, JsonValue Value)> Properties => IsObject ? _children : [];

    public void Add(string name, JsonValue value) => _children.Add((name, value));

    /// <summary>Null for anything but a string with something in it.</summary>
    public string? Text(int longest) =>
        Kind == JsonTokenType.String && CleanText.Unescape(Raw.Span[1..^1], longest) is { Length: > 0 } text ? text : null;

    /// <summary>String, number or bool as text.</summary>
    public string? Scalar(int longest) => Kind switch
    {
        JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False => CleanText.Unescape(Raw.Span, longest),
        _ => Text(longest),
    };

    public bool? Bool() => Kind switch
    {
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        _ => null,
    };

    /// <summary>A number, or a text that is one.</summary>
    public double? Number() => Kind is JsonTokenType.Number or JsonTokenType.String
        && double.TryParse(Scalar(40), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;

    /// <summary>A line or column, from 1.</summary>
    public int? Place() => Number() is >= 1 and <= int.MaxValue and var number ? (int)number : null;

    /// <summary>ms since 1970 from a number of the given unit or a text; null for what is no time of our era.</summary>
    public long? Time(double msPerUnit = 1)
    {
        if (Number() is { } number)
            return number * msPerUnit is > 0 and < 253_402_300_800_000 and var ms ? (long)Math.Round(ms, 3) : null;
        return Text(40) is { } text && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            && time.ToUnixTimeMilliseconds() is > 0 and var at ? at : null;
    }

    public override string ToString() => Encoding.UTF8.GetString(Raw.Span);
}
