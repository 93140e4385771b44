namespace ErrorPipeline.Rigs;

/// <summary>How one app process is started.</summary>
public sealed record AppStart
{
    /// <summary>"collector", "workers" or "web".</summary>
    public required string App { get; init; }

    /// <summary>Which of the processes of this app, from 0.</summary>
    public int Index { get; init; }

    /// <summary>Another build than the one of this checkout; null for that.</summary>
    public string? Dll { get; init; }

    /// <summary>"Collector:LogDirectory" to value.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>Variables beside the settings, by their full names.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>The same with one setting more, or another value for it.</summary>
    public AppStart With(string setting, string value) =>
        this with { Settings = new Dictionary<string, string>(Settings) { [setting] = value } };
}
