using System.Globalization;
using System.Text.Json;
using ErrorPipeline.Rigs;

namespace ErrorPipeline.Faults.Suite;

/// <summary>What an operator sees of a process: health, metrics, the pipeline page's data. Not answering is an answer too.</summary>
internal static class Signs
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(10) };

    /// <summary>True where a ready check of this name is not healthy.</summary>
    public static async Task<bool> IsUnreadyAsync(AppProcess app, string check)
    {
        if (await GetAsync(app, "/healthz/ready") is not { } text)
            return false;
        using var health = JsonDocument.Parse(text);
        return health.RootElement.GetProperty("checks").TryGetProperty(check, out var found) && found.GetProperty("status").GetString() != "Healthy";
    }

    /// <summary>True where it does not say within two seconds that it lives, as an orchestrator's probe would have it.</summary>
    public static async Task<bool> IsSilentAsync(AppProcess app)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        return await GetAsync(app, "/healthz/live", limit.Token) is null;
    }

    /// <summary>The largest of all series of a metric whose labels hold these texts; null where there is none.</summary>
    public static async Task<double?> MetricAsync(AppProcess app, string name, params string[] labels)
    {
        if (await GetAsync(app, "/metrics") is not { } text)
            return null;
        double? most = null;
        foreach (var line in text.Split('\n'))
        {
            if (SeriesOf(line, name) is not { } value || !Array.TrueForAll(labels, l => line.Contains(l, StringComparison.Ordinal)))
                continue;
            most = Math.Max(most ?? value, value);
        }

        return most;
    }

    /// <summary>All series of a metric together.</summary>
    public static async Task<double> TotalAsync(AppProcess app, string name) =>
        await GetAsync(app, "/metrics") is { } text ? text.Split('\n').Sum(line => SeriesOf(line, name) ?? 0) : 0;

    private static double? SeriesOf(string line, string name) =>
        line.StartsWith(name, StringComparison.Ordinal) && line.Length > name.Length && line[name.Length] is (' ' or '{')
            ? double.Parse(line.AsSpan(line.LastIndexOf(' ') + 1), CultureInfo.InvariantCulture)
            : null;

    /// <summary>The data behind the pipeline page; null while web does not answer.</summary>
    public static async Task<JsonElement?> PipelineAsync(Installation site)
    {
        try
        {
            return await site.Api.GetAsync("pipeline");
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or JsonException)
        {
            return null;
        }
    }

    /// <summary>True where a process that watches the pipeline tells a sign of this kind, as the metric <c>errorpipeline_sign</c>.</summary>
    public static async Task<bool> IsToldAsync(Installation site, string kind, string where = "")
    {
        foreach (var app in site.Workers.Append(site.Web).Where(a => a.Running))
        {
            if (await MetricAsync(app, "errorpipeline_sign", $"kind=\"{kind}\"", where) >= 1)
                return true;
        }

        return false;
    }

    /// <summary>Ids of the processes that the pipeline page shows.</summary>
    public static async Task<IReadOnlyList<string>> ProcessesAsync(Installation site) =>
        await PipelineAsync(site) is { } page ? [.. page.GetProperty("processes").EnumerateArray().Select(p => p.GetProperty("id").GetString()!)] : [];

    public static async Task<double> SumAsync(IEnumerable<AppProcess> apps, string name, params string[] labels)
    {
        var sum = 0.0;
        foreach (var app in apps)
            sum += await MetricAsync(app, name, labels) ?? 0;
        return sum;
    }

    private static async Task<string?> GetAsync(AppProcess app, string path, CancellationToken cancel = default)
    {
        try
        {
            using var answer = await Http.GetAsync(new Uri(app.Url + path), cancel);
            return await answer.Content.ReadAsStringAsync(cancel);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or IOException)
        {
            return null;
        }
    }
}
