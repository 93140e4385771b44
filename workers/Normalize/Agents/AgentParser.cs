namespace ErrorPipeline.Workers.Normalize.Agents;

/// <summary>Reads User-Agent headers by the rules of uap-core. Costs some dozens of microseconds: keep a cache before it.</summary>
internal static class AgentParser
{
    public const int Longest = 512;

    private static readonly string[] BotWords = ["bot", "crawl", "spider", "slurp", "lighthouse", "pagespeed", "archiver", "facebookexternalhit", "monitoring", "preview"];

    /// <summary>Names of browsers and phones that hold such a word and are none.</summary>
    private static readonly string[] NotBots = ["cubot"];

    // The other six hundred device rules tell makers and models, which no dimension counts.
    private static readonly Lazy<IReadOnlyList<AgentRule>> Spiders =
        new(() => [.. AgentRules.Embedded.Devices.Where(r => r.Values.GetValueOrDefault("device_replacement") == "Spider")]);

    public static UserAgent Parse(string agent)
    {
        if (agent.Length > Longest)
            agent = agent[..Longest];
        var browser = Browser(agent);
        var bot = IsBot(agent) ? browser.Name == "Other" ? "unnamed" : browser.Name : null;
        return new(browser, System(agent), bot is null ? Device(agent) : "bot", bot);
    }

    /// <summary>Family, brand and model, for people who ask.</summary>
    public static (string Family, string? Brand, string? Model) Model(string agent)
    {
        if (agent.Length > Longest)
            agent = agent[..Longest];
        foreach (var rule in AgentRules.Embedded.Devices)
        {
            if (rule.Match(agent) is { } match)
                return (rule.Value(match, "device_replacement", 1) ?? "Other", rule.Value(match, "brand_replacement", 0), rule.Value(match, "model_replacement", 1));
        }

        return ("Other", null, null);
    }

    private static AgentPart Browser(string agent)
    {
        foreach (var rule in AgentRules.Embedded.Browsers)
        {
            if (rule.Match(agent) is { } match)
                return new(rule.Value(match, "family_replacement", 1) ?? "Other", rule.Value(match, "v1_replacement", 2), rule.Value(match, "v2_replacement", 3), rule.Value(match, "v3_replacement", 4));
        }

        return AgentPart.Other;
    }

    private static AgentPart System(string agent)
    {
        foreach (var rule in AgentRules.Embedded.Systems)
        {
            if (rule.Match(agent) is { } match)
                return new(rule.Value(match, "os_replacement", 1) ?? "Other", rule.Value(match, "os_v1_replacement", 2), rule.Value(match, "os_v2_replacement", 3), rule.Value(match, "os_v3_replacement", 4));
        }

        return AgentPart.Other;
    }

    private static bool IsBot(string agent) =>
        BotWords.Any(w => agent.Contains(w, StringComparison.OrdinalIgnoreCase)) && !NotBots.Any(w => agent.Contains(w, StringComparison.OrdinalIgnoreCase))
        || Spiders.Value.Any(r => r.Match(agent) is not null);

    private static string Device(string agent)
    {
        bool Has(string word) => agent.Contains(word, StringComparison.OrdinalIgnoreCase);

        if (Has("iPad") || Has("Tablet") || Has("Kindle") || Has("Silk/") || Has("PlayBook") || (Has("Android") && !Has("Mobile") && !Has("TV")))
            return "tablet";
        return Has("Mobi") || Has("iPhone") || Has("iPod") || Has("Windows Phone") || Has("BlackBerry") || Has("Opera Mini") ? "mobile" : "desktop";
    }
}
