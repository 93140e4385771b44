namespace ErrorPipeline.Workers.Normalize.Agents;

/// <summary>Name and version; "Other" where the agent names nothing known.</summary>
internal sealed record AgentPart(string Name, string? Major, string? Minor, string? Patch)
{
    public static readonly AgentPart Other = new("Other", null, null, null);
}

/// <summary>What a User-Agent header tells of browser, system and device.</summary>
/// <param name="Device">desktop, mobile, tablet or bot.</param>
/// <param name="Bot">The crawler's name, null for people's browsers. Headless Chrome is no crawler: sites run their own checks in it.</param>
internal sealed record UserAgent(AgentPart Browser, AgentPart System, string Device, string? Bot)
{
    /// <summary>"Chrome 156"; null where unknown.</summary>
    public string? BrowserLabel => Label(Browser, minor: false);

    /// <summary>"Windows 10", "Mac OS X 10.15"; null where unknown.</summary>
    public string? SystemLabel => Label(System, minor: System is { Name: "Mac OS X", Major: "10" });

    private static string? Label(AgentPart part, bool minor) =>
        part == AgentPart.Other ? null : part.Major is null ? part.Name : minor && part.Minor is not null ? $"{part.Name} {part.Major}.{part.Minor}" : $"{part.Name} {part.Major}";
}
