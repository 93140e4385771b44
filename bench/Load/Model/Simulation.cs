namespace ErrorPipeline.Load.Model;

/// <summary>
/// Events through the tiers of a layout, ten milliseconds at a time: each tier takes from its queue what it can and hands it to the next.
/// Arrivals come in bursts (a site that breaks breaks for all its visitors), and now and then a tier pauses as for a collection of garbage.
/// </summary>
internal static class Simulation
{
    private const double Step = 0.01;
    private const double BurstFactor = 1.5;
    private const double PauseShare = 0.002;
    private const int PauseSteps = 10;

    /// <param name="seed">The same gives the same.</param>
    public static Simulated Run(double rate, IReadOnlyList<Tier> tiers, int seconds, int seed)
    {
        var random = new Random(seed);
        var queues = new double[tiers.Count];
        var paused = new int[tiers.Count];
        var waits = new List<double>();
        var (steps, worst, half) = ((int)(seconds / Step), 0d, 0d);
        var burst = 1.0;
        for (var step = 0; step < steps; step++)
        {
            // Every second another mood of the sites, one on average.
            if (step % 100 == 0)
                burst = 1 + ((random.NextDouble() - 0.5) * 2 * (BurstFactor - 1));
            var moving = rate * burst * Step;
            for (var t = 0; t < tiers.Count; t++)
            {
                queues[t] += moving;
                if (paused[t] > 0)
                    paused[t]--;
                else if (random.NextDouble() < PauseShare)
                    paused[t] = PauseSteps;
                moving = paused[t] > 0 ? 0 : Math.Min(queues[t], tiers[t].PerSecond * Step);
                queues[t] -= moving;
            }

            var waiting = tiers.Select((tier, t) => queues[t] / tier.PerSecond).Sum();
            waits.Add(waiting);
            worst = Math.Max(worst, waiting);
            if (step == steps / 2)
                half = queues.Sum();
        }

        waits.Sort();
        return new(queues.Sum() - half < rate, waits[(int)(0.99 * (waits.Count - 1))], worst, tiers[Array.IndexOf(queues, queues.Max())].Name);
    }
}

/// <param name="IsFlat">The second half adds less than a second's events to the queues.</param>
/// <param name="P99">Seconds that an event waits.</param>
/// <param name="Longest">The same at its worst.</param>
/// <param name="Fullest">The tier before which most waits at the end.</param>
internal sealed record Simulated(bool IsFlat, double P99, double Longest, string Fullest);
