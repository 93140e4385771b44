using System.Globalization;
using ErrorPipeline.Shared.Contracts;

namespace ErrorPipeline.Collector.Admission;

/// <summary>What a key opens.</summary>
internal sealed class Project(ProjectConfig config, ulong rateKey)
{
    // Null where the JSON leaves it out: the generated reader knows no defaults of init properties.
    private readonly OriginPattern[] _origins = [.. (config.AllowedOrigins ?? []).Select(o => new OriginPattern(o))];

    public int Id => config.Id;

    /// <summary>The key's row in the table of rates.</summary>
    public ulong RateKey => rateKey;

    public int? EventsPerMinute => config.EventsPerMinute;

    /// <summary>Origins restrict browsers, which always tell theirs; other clients can write what they like, so none counts as any.</summary>
    public bool Allows(string? origin) =>
        _origins.Length == 0 || string.IsNullOrEmpty(origin) || Array.Exists(_origins, o => o.Matches(origin));
}

/// <summary>"https://example.com", "https://*.example.com" (any depth, not example.com itself), or "*".</summary>
internal readonly struct OriginPattern
{
    private readonly string _start;
    private readonly string? _end;

    public OriginPattern(string pattern)
    {
        pattern = pattern.Trim().TrimEnd('/');
        var star = pattern.IndexOf('*', StringComparison.Ordinal);
        (_start, _end) = star < 0 ? (pattern, null) : (pattern[..star], pattern[(star + 1)..]);
    }

    public bool Matches(string origin)
    {
        if (_end is null)
            return string.Equals(origin, _start, StringComparison.OrdinalIgnoreCase);
        if (origin.Length <= _start.Length + _end.Length
            || !origin.StartsWith(_start, StringComparison.OrdinalIgnoreCase)
            || !origin.EndsWith(_end, StringComparison.OrdinalIgnoreCase))
            return false;
        // What the star stands for is labels of a host name: no port, no second scheme.
        var star = origin.AsSpan(_start.Length, origin.Length - _start.Length - _end.Length);
        return _start.Length == 0 || star.IndexOfAny(":/@") < 0;
    }
}

/// <summary>All keys that are accepted now; replaced as a whole.</summary>
internal sealed class ProjectDirectory
{
    private volatile Dictionary<string, Project>? _byKey;

    /// <summary>False until any configuration was seen; requests then get 503, never 401.</summary>
    public bool IsKnown => _byKey is not null;

    public long Revision { get; private set; } = -1;

    public Project? Find(string key) => _byKey is { } byKey && byKey.TryGetValue(key, out var project) ? project : null;

    public void Replace(ConfigSnapshot snapshot)
    {
        var byKey = new Dictionary<string, Project>(StringComparer.Ordinal);
        foreach (var project in snapshot.Projects ?? [])
            foreach (var key in project.Keys ?? [])
                byKey[key] = new(project, RateKeyOf(key));
        _byKey = byKey;
        Revision = snapshot.Revision;
    }

    /// <summary>Keys are random hex; half of one is enough to tell them apart.</summary>
    private static ulong RateKeyOf(string key) =>
        key.Length >= 16 && ulong.TryParse(key.AsSpan(0, 16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
            ? value
            : (ulong)key.GetHashCode(StringComparison.Ordinal);
}
