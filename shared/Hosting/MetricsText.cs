using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace ErrorPipeline.Shared.Hosting;

/// <summary>
/// All instruments of <see cref="PipelineMeter"/> and of the runtime as Prometheus text (exposition format 0.0.4).
/// Counters and histograms are summed as they happen; observable instruments are asked at each scrape.
/// </summary>
public sealed class MetricsText : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<Instrument, MetricFamily> _families = new();
    private readonly Lock _scrape = new();

    public MetricsText()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name is PipelineMeter.Name or "System.Runtime")
                listener.EnableMeasurementEvents(instrument, _families.GetOrAdd(instrument, i => new MetricFamily(i)));
        };
        _listener.SetMeasurementEventCallback<long>(static (_, value, tags, family) => ((MetricFamily)family!).Add(value, tags));
        _listener.SetMeasurementEventCallback<int>(static (_, value, tags, family) => ((MetricFamily)family!).Add(value, tags));
        _listener.SetMeasurementEventCallback<double>(static (_, value, tags, family) => ((MetricFamily)family!).Add(value, tags));
        _listener.Start();
    }

    /// <summary>The present values as text.</summary>
    public string Render()
    {
        lock (_scrape)
        {
            foreach (var family in _families.Values)
                family.ForgetObserved();
            _listener.RecordObservableInstruments();
            var text = new StringBuilder();
            foreach (var same in _families.Values.GroupBy(f => f.Name, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal))
            {
                same.First().WriteHead(text);
                foreach (var family in same)
                    family.WriteSeries(text);
            }

            return text.ToString();
        }
    }

    public Task WriteAsync(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        http.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
        http.Response.Headers.CacheControl = "no-store";
        return http.Response.WriteAsync(Render(), http.RequestAborted);
    }

    public void Dispose() => _listener.Dispose();
}

/// <summary>The one meter of all processes; names are <c>errorpipeline_part_what_unit</c>.</summary>
public static class PipelineMeter
{
    public const string Name = "ErrorPipeline";

    public static readonly Meter Instance = new(Name);
}
