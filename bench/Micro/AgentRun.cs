using ErrorPipeline.Workers.Normalize.Agents;
using ErrorPipeline.Workers.Normalize.Caching;

namespace ErrorPipeline.Micro;

/// <summary>The same work as js/agents.mjs: every user agent of a file.</summary>
internal static class AgentRun
{
    private const int Rounds = 31;

    /// <summary>Microseconds a header that was not seen before, and one that was, as the stage reads them.</summary>
    public static (double Anew, double Known) Measure(string file)
    {
        var agents = File.ReadAllLines(file).Where(line => line.Length > 0).ToList();
        var named = 0;
        var anew = Timing.Median(Rounds, () =>
        {
            named = 0;
            foreach (var agent in agents)
                named += AgentParser.Parse(agent).BrowserLabel is null ? 0 : 1;
        });
        var cache = new RecentCache<string, UserAgent>(4096, (_, _) => 1);
        var known = Timing.Median(Rounds, () =>
        {
            foreach (var agent in agents)
            {
                if (!cache.TryGet(agent, out _))
                    cache.Add(agent, AgentParser.Parse(agent));
            }
        });
        return named == 0 ? throw new InvalidOperationException("no user agent was read") : (anew * 1000 / agents.Count, known * 1000 / agents.Count);
    }
}
