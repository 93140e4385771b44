using BenchmarkDotNet.Attributes;
using ErrorPipeline.Workers.Normalize.Agents;
using ErrorPipeline.Workers.Normalize.Caching;

namespace ErrorPipeline.Micro;

/// <summary>The same work as js/agents.mjs.</summary>
public class AgentBenchmarks
{
    private readonly RecentCache<string, UserAgent> _seen = new(4096, (_, _) => 1);

    public AgentBenchmarks()
    {
        foreach (var agent in Inputs.Current.Agents)
            _seen.Add(agent, AgentParser.Parse(agent));
    }

    /// <summary>Every user agent; how many were recognized.</summary>
    [Benchmark]
    public int ReadAllAnew()
    {
        var named = 0;
        foreach (var agent in Inputs.Current.Agents)
            named += AgentParser.Parse(agent).BrowserLabel is null ? 0 : 1;
        return named;
    }

    /// <summary>Every user agent as the stage reads what it has seen before; how many it had.</summary>
    [Benchmark]
    public int FindAllSeen()
    {
        var found = 0;
        foreach (var agent in Inputs.Current.Agents)
            found += _seen.TryGet(agent, out _) ? 1 : 0;
        return found;
    }
}
