using System.Globalization;
using System.Text;

namespace ErrorPipeline.Shared.Hosting;

/// <summary>The value of one set of tags: a number, or the buckets of a histogram.</summary>
internal sealed class MetricSeries(KeyValuePair<string, object?>[] tags)
{
    /// <summary>Seconds, from a fast fsync to a slow request; counts beyond fit the last one.</summary>
    private static readonly double[] Bounds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    private readonly Lock _lock = new();
    private readonly long[] _buckets = new long[Bounds.Length + 1];
    private double _value;
    private long _count;

    public bool IsOverflow { get; private init; }

    public static MetricSeries Overflow() => new([new("overflow", "true")]) { IsOverflow = true };

    public bool Has(ReadOnlySpan<KeyValuePair<string, object?>> wanted)
    {
        if (wanted.Length != tags.Length)
            return false;
        for (var i = 0; i < tags.Length; i++)
        {
            if (!string.Equals(tags[i].Key, wanted[i].Key, StringComparison.Ordinal) || !Equals(tags[i].Value, wanted[i].Value))
                return false;
        }

        return true;
    }

    public void Add(double value)
    {
        lock (_lock)
            _value += value;
    }

    public void Set(double value)
    {
        lock (_lock)
            _value = value;
    }

    public void Observe(double value)
    {
        var bucket = Array.BinarySearch(Bounds, value);
        lock (_lock)
        {
            _buckets[bucket < 0 ? ~bucket : bucket]++;
            _value += value;
            _count++;
        }
    }

    public void Write(StringBuilder text, string name, bool histogram)
    {
        lock (_lock)
        {
            if (!histogram)
            {
                Line(text, name, null, _value);
                return;
            }

            var sum = 0L;
            for (var i = 0; i < _buckets.Length; i++)
            {
                sum += _buckets[i];
                Line(text, name + "_bucket", i < Bounds.Length ? Bounds[i].ToString(CultureInfo.InvariantCulture) : "+Inf", sum);
            }

            Line(text, name + "_sum", null, _value);
            Line(text, name + "_count", null, _count);
        }
    }

    private void Line(StringBuilder text, string name, string? bound, double value)
    {
        text.Append(name);
        if (tags.Length > 0 || bound is not null)
        {
            text.Append('{');
            var separator = "";
            foreach (var (key, tag) in tags)
            {
                text.Append(separator).Append(key.Replace('.', '_')).Append("=\"").Append(Escape(tag?.ToString() ?? "")).Append('"');
                separator = ",";
            }

            if (bound is not null)
                text.Append(separator).Append("le=\"").Append(bound).Append('"');
            text.Append('}');
        }

        text.Append(' ').Append(value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');
    }

    private static string Escape(string value) =>
        value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
