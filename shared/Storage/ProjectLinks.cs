namespace ErrorPipeline.Shared.Storage;

/// <summary>Where else a project lives: what its people click to. Null where they told nothing. Nothing of it is ever fetched.</summary>
public sealed record ProjectLinks
{
    /// <summary>Address of a line of source, with {file}, {line}, {column}, {release} and {commit} in it.</summary>
    public string? Source { get; init; }

    /// <summary>Address of a commit, with {commit} in it.</summary>
    public string? Commit { get; init; }

    /// <summary>Address of the repository in which issues are made: "https://github.com/acme/shop".</summary>
    public string? GitHub { get; init; }

    /// <summary>The same of a GitLab project.</summary>
    public string? GitLab { get; init; }

    /// <summary>Address of a Jira: "https://acme.atlassian.net".</summary>
    public string? Jira { get; init; }

    /// <summary>Number of the project there.</summary>
    public long? JiraProject { get; init; }

    /// <summary>Number of the type of issue there.</summary>
    public long? JiraType { get; init; }
}
