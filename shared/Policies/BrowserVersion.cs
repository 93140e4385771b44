using System.Globalization;

namespace ErrorPipeline.Shared.Policies;

/// <summary>A browser by name and major version, as people write it: "Samsung Internet 8".</summary>
public readonly record struct BrowserVersion(string Name, int Major)
{
    /// <summary>Null where it is not a name, a space and a whole number.</summary>
    public static BrowserVersion? Parse(string text)
    {
        var space = text.LastIndexOf(' ');
        return space > 0 && int.TryParse(text.AsSpan(space + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var major)
            ? new(text[..space], major) : null;
    }
}
