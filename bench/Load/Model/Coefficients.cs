namespace ErrorPipeline.Load.Model;

/// <summary>CPU microseconds that each part takes of an event: a line over the size of its body.</summary>
internal sealed record Coefficients(IReadOnlyDictionary<string, Line> Parts)
{
    /// <summary>Fitted to two measurements, each of one size.</summary>
    public static Coefficients Fit(double smallKb, IReadOnlyDictionary<string, double> small, double largeKb, IReadOnlyDictionary<string, double> large) => new(
        small.ToDictionary(s => s.Key, s =>
        {
            var perKb = Math.Max(0, (large[s.Key] - s.Value) / (largeKb - smallKb));
            return new Line(Math.Max(0, s.Value - (perKb * smallKb)), perKb);
        }));

    public double Of(string part, double kb) => Parts[part].At(kb);

    public double All(double kb) => Parts.Values.Sum(line => line.At(kb));

    /// <summary>Events a second of so many cores that do nothing else.</summary>
    public double PerSecond(double cores, double kb) => cores * 1e6 / All(kb);
}

internal readonly record struct Line(double PerEvent, double PerKb)
{
    public double At(double kb) => PerEvent + (PerKb * kb);
}
