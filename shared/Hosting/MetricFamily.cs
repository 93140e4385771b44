using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace ErrorPipeline.Shared.Hosting;

/// <summary>One instrument and its series, one per set of tags. Adding is lock-free once the series is known.</summary>
internal sealed class MetricFamily
{
    /// <summary>More sets of tags than this are a programming error (a tag made from user input); they are summed as "overflow".</summary>
    private const int MostSeries = 500;

    private readonly Lock _growing = new();
    private readonly Instrument _instrument;
    private readonly bool _observed;
    private readonly string _kind;
    private volatile MetricSeries[] _series = [];

    public MetricFamily(Instrument instrument)
    {
        _instrument = instrument;
        var type = instrument.GetType().Name;
        _observed = instrument.IsObservable;
        _kind = type.StartsWith("Histogram", StringComparison.Ordinal) ? "histogram"
            : type.StartsWith("Counter", StringComparison.Ordinal) || type.StartsWith("ObservableCounter", StringComparison.Ordinal) ? "counter"
            : "gauge";
        Name = PrometheusName(instrument.Name, _kind);
    }

    public string Name { get; }

    public void Add(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var series = Find(tags);
        if (_observed)
            series.Set(value);
        else if (_kind == "histogram")
            series.Observe(value);
        else if (_instrument is Gauge<long> or Gauge<int> or Gauge<double>)
            series.Set(value);
        else
            series.Add(value);
    }

    /// <summary>Observable instruments tell all their series at each scrape; what they no longer tell must go.</summary>
    public void ForgetObserved()
    {
        if (_observed)
            _series = [];
    }

    public void WriteHead(StringBuilder text)
    {
        if (_instrument.Description is { Length: > 0 } description)
            text.Append("# HELP ").Append(Name).Append(' ').Append(description.Replace('\n', ' ')).Append('\n');
        text.Append("# TYPE ").Append(Name).Append(' ').Append(_kind).Append('\n');
    }

    public void WriteSeries(StringBuilder text)
    {
        foreach (var series in _series)
            series.Write(text, Name, _kind == "histogram");
    }

    private MetricSeries Find(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        foreach (var known in _series)
        {
            if (known.Has(tags))
                return known;
        }

        lock (_growing)
        {
            foreach (var known in _series)
            {
                if (known.Has(tags))
                    return known;
            }

            var full = _series.Length >= MostSeries;
            if (full && _series[^1].IsOverflow)
                return _series[^1];
            var made = full ? MetricSeries.Overflow() : new MetricSeries(tags.ToArray());
            _series = [.. _series, made];
            return made;
        }
    }

    private static string PrometheusName(string name, string kind)
    {
        var clean = string.Create(CultureInfo.InvariantCulture, $"{name}").Replace('.', '_').Replace('-', '_');
        return kind == "counter" && !clean.EndsWith("_total", StringComparison.Ordinal) ? clean + "_total" : clean;
    }
}
