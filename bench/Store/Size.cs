namespace ErrorPipeline.StoreBench;

/// <summary>How much a store is filled with.</summary>
/// <param name="Rounds">How often the busiest fifth of the issues is met again: by so many times more rows, not only larger counts.</param>
internal sealed record Size(int Issues, long Events, int Projects = 5, int Rounds = 4)
{
    public int Busy => Math.Max(1, Issues / 5);

    /// <summary>In all.</summary>
    public int Deltas => Issues + (Rounds * Busy);

    /// <summary>Most of it in the first.</summary>
    public int ProjectOf(int n) => n % 10 < 6 ? 1 : 2 + (n % (Projects - 1));
}
