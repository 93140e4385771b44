namespace ErrorPipeline.Shared.Contracts;

/// <summary>
/// What the people of a project decided about its events. Every part may be left out and then means what a new project has;
/// null lists count as "not decided", since the generated JSON reader knows no defaults of init properties.
/// </summary>
public sealed record ProjectPolicy
{
    public FilterSettings? Filters { get; init; }
    public PrivacySettings? Privacy { get; init; }

    /// <summary>How long events are kept whole, where that is shorter than the installation's.</summary>
    public RetentionSettings? Retention { get; init; }

    /// <summary>The text of the project's rules, one a line; see docs/rules.md.</summary>
    public string? Rules { get; init; }

    /// <summary>Origins that source maps may be fetched from, "https://cdn.example.com"; null or empty: nothing is fetched. Only web reads it.</summary>
    public IReadOnlyList<string>? FetchOrigins { get; init; }
}

/// <summary>Which events are counted and not kept.</summary>
public sealed record FilterSettings
{
    /// <summary>Names of the filters that are on, see <c>Policies.FilterName</c>; null for those of a new project.</summary>
    public IReadOnlyList<string>? On { get; init; }

    /// <summary>The lowest versions that are kept, "Chrome 80" each; null for the usual ones. Read only where the filter of legacy browsers is on.</summary>
    public IReadOnlyList<string>? OldestBrowsers { get; init; }

    /// <summary>Globs of messages ("type: message" or the message alone) that are not kept.</summary>
    public IReadOnlyList<string>? Messages { get; init; }

    /// <summary>Globs of releases that are not kept.</summary>
    public IReadOnlyList<string>? Releases { get; init; }
}

/// <summary>What is taken out of events beyond what is always taken out, and what is not.</summary>
public sealed record PrivacySettings
{
    /// <summary>What becomes of the visitor's address: "off", "truncated" or "hashed"; null is "hashed". See <c>Policies.AddressMode</c>.</summary>
    public string? Address { get; init; }

    /// <summary>True: e-mail addresses in texts stay.</summary>
    public bool KeepEmails { get; init; }

    /// <summary>Further keys whose values go: a key of that name, or one that holds it, in any spelling.</summary>
    public IReadOnlyList<string>? Keys { get; init; }

    /// <summary>Further patterns that go wherever they stand; see <c>Policies.ScrubPattern</c>.</summary>
    public IReadOnlyList<string>? Patterns { get; init; }

    /// <summary>Keys whose values stay although their name is telling, compared as a whole.</summary>
    public IReadOnlyList<string>? AllowedKeys { get; init; }
}

/// <summary>Null is "as the installation keeps them", which is the most.</summary>
public sealed record RetentionSettings
{
    /// <summary>Events that are kept whole, and what visitors said, go after so many days.</summary>
    public int? Days { get; init; }

    /// <summary>No issue keeps more events whole.</summary>
    public int? SamplesPerIssue { get; init; }
}
