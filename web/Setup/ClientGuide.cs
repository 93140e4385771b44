namespace ErrorPipeline.Web.Setup;

/// <summary>How sites with one error client send here. The one source of the setup pages and of docs/clients-setup.md.</summary>
/// <param name="Slug">Its part of the address.</param>
/// <param name="Package">What is installed, or whose headers are set.</param>
/// <param name="Protocols">Names under which its events are stored.</param>
public sealed record ClientGuide(string Slug, string Name, string Package, params string[] Protocols)
{
    /// <summary>For sites that run it already; what stays is not told.</summary>
    public IReadOnlyList<GuideStep> Change { get; init; } = [];

    /// <summary>From nothing.</summary>
    public required IReadOnlyList<GuideStep> New { get; init; }

    /// <summary>Worth knowing, one thing each; `code` in grave accents.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}

/// <param name="Code">With KEY, https://errors.example and SNIPPET in the places of the project's own.</param>
public sealed record GuideStep(string Says, string Code);
