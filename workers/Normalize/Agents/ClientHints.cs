using System.Globalization;
using System.Text;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Workers.Normalize.Reading;

namespace ErrorPipeline.Workers.Normalize.Agents;

/// <summary>What a browser tells beside its User-Agent, whose system and small versions are frozen. Hostile as all of it: what makes no sense is passed over.</summary>
internal sealed record ClientHints(IReadOnlyList<(string Brand, string Version)> Brands, string? Platform, string? PlatformVersion, bool? Mobile)
{
    private const int MostBrands = 10;
    private const int LongestName = 40;
    private const int FirstWindows11 = 13;

    /// <summary>Brands that the User-Agent tells as well, under the names that it is counted by.</summary>
    private static readonly string[] Plain = ["Chromium", "Google Chrome", "Microsoft Edge", "Opera", "Samsung Internet", "Android WebView", "HeadlessChrome"];

    /// <param name="hints">JSON of our own agent, or <see cref="AgentHints"/> of a request; null where it is neither.</param>
    public static ClientHints? Read(string? hints)
    {
        if (string.IsNullOrEmpty(hints) || hints.Length > AgentHints.Longest)
            return null;
        return hints[0] == '{' ? OfJson(hints) : OfHeaders(hints.Split('\n'));
    }

    /// <summary>The agent with what the hints know better.</summary>
    public UserAgent Refine(UserAgent agent) => agent.Bot is not null ? agent
        : agent with { Browser = Browser(agent.Browser), System = System(agent.System), Device = Mobile == true && agent.Device == "desktop" ? "mobile" : agent.Device };

    private AgentPart Browser(AgentPart told)
    {
        // Some browsers pretend to be Chrome in their User-Agent, and only here say what they are.
        var own = Brands.FirstOrDefault(b => !Plain.Contains(b.Brand) && !IsGrease(b.Brand));
        return own.Brand is null || !told.Name.StartsWith("Chrome", StringComparison.Ordinal) ? told : new(own.Brand, Part(own.Version, 0), Part(own.Version, 1), null);
    }

    private AgentPart System(AgentPart told) => (Platform, Major) switch
    {
        ("Windows", >= FirstWindows11) => new("Windows", "11", null, null),
        ("Windows", > 0) => new("Windows", "10", null, null),
        ("macOS", > 10) => new("macOS", Part(PlatformVersion, 0), Part(PlatformVersion, 1), null),
        ("Android", > 0) => new("Android", Part(PlatformVersion, 0), Part(PlatformVersion, 1), null),
        ("Chrome OS" or "Chromium OS", _) when told.Name != "Chrome OS" => new("Chrome OS", null, null, null),
        _ => told,
    };

    private int Major => int.TryParse(Part(PlatformVersion, 0), NumberStyles.None, CultureInfo.InvariantCulture, out var major) ? major : -1;

    /// <summary>"Not A(Brand", "Not)A;Brand": browsers make them up so that nobody relies on a list.</summary>
    private static bool IsGrease(string brand) => brand.Contains("Brand", StringComparison.Ordinal) && brand.Contains("Not", StringComparison.Ordinal);

    private static string? Part(string? version, int index)
    {
        var parts = (version ?? "").Split('.');
        return parts.Length > index && parts[index] is { Length: > 0 and < 6 } part && part.All(char.IsAsciiDigit) ? part : null;
    }

    private static ClientHints? OfJson(string hints)
    {
        var json = JsonTree.Parse(Encoding.UTF8.GetBytes(hints), out var damaged);
        if (damaged)
            return null;
        var brands = json["brands"].Items.Take(MostBrands).Select(b => (Brand: b["brand"].Text(LongestName) ?? "", Version: b["version"].Text(LongestName) ?? ""));
        return new([.. brands.Where(b => b.Brand.Length > 0)], json["platform"].Text(LongestName), json["platformVersion"].Text(LongestName), json["mobile"].Bool());
    }

    /// <summary>'"Chromium";v="142", "Not A(Brand";v="8"', '"Windows"', '?0'.</summary>
    private static ClientHints OfHeaders(string[] lines)
    {
        var brands = new List<(string, string)>();
        // Of a brand only what stands between quotes counts: name, then version.
        var quoted = lines[0].Split('"');
        for (var i = 1; i + 2 < quoted.Length && brands.Count < MostBrands; i += 4)
        {
            if (Clean(quoted[i]) is { Length: > 0 } brand)
                brands.Add((brand, Clean(quoted[i + 2])));
        }

        return new(brands, Clean(lines.ElementAtOrDefault(1)?.Trim('"') ?? ""), null, lines.ElementAtOrDefault(2) switch { "?1" => true, "?0" => false, _ => null });
    }

    private static string Clean(string text) => CleanText.Clean(text, LongestName);
}
