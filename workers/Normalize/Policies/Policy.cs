using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Policies;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Workers.Normalize.Fingerprints;
using ErrorPipeline.Workers.Normalize.Scrubbing;

namespace ErrorPipeline.Workers.Normalize.Policies;

/// <summary>What a project's people decided, ready to be applied.</summary>
internal sealed class Policy
{
    /// <summary>Of a project that decided nothing, or is not known.</summary>
    public static readonly Policy Usual = new(null);

    public Policy(ProjectConfig? config)
    {
        var policy = config?.Policy;
        Filters = new(policy?.Filters);
        Scrub = policy?.Privacy is { } privacy ? new(privacy) : Scrub.Usual;
        Rules = RuleSet.Parse(policy?.Rules);
        Users = new(policy?.Privacy?.Address ?? AddressMode.Hashed, config?.UserSalt);
        Erased = new(config);
        OwnSites = new HashSet<string>((config?.AllowedOrigins ?? []).Select(o => Site.HostOf(o.Replace("://*.", "://", StringComparison.Ordinal))).OfType<string>().Select(Site.Of));
        ScrubIdentity = policy?.Privacy is null ? default : Identity(JsonSerializer.SerializeToUtf8Bytes(policy.Privacy, ContractsJson.Default.PrivacySettings));
        RulesIdentity = policy?.Rules is null ? default : Identity(Encoding.UTF8.GetBytes(policy.Rules));
    }

    public Filters Filters { get; }
    public Scrub Scrub { get; }
    public RuleSet Rules { get; }
    public UserIdentity Users { get; }
    public ErasedPersons Erased { get; }

    /// <summary>Registrable domains of the origins that may send: pages and scripts there are the site's own.</summary>
    public IReadOnlySet<string> OwnSites { get; }

    /// <summary>Equal for policies that scrub alike: what was parsed under one is not what another would have kept.</summary>
    public UInt128 ScrubIdentity { get; }

    public UInt128 RulesIdentity { get; }

    private static UInt128 Identity(byte[] of) => BinaryPrimitives.ReadUInt128BigEndian(SHA256.HashData(of));
}

/// <summary>The policies of all projects at one moment.</summary>
internal sealed class PolicySet
{
    public static readonly PolicySet Usual = new([]);

    private readonly Dictionary<int, Policy> _byProject;

    public PolicySet(IReadOnlyList<ProjectConfig> projects)
    {
        _byProject = projects.ToDictionary(p => p.Id, p => new Policy(p));
        Retention = [.. projects.Where(p => p.Policy?.Retention is not null).Select(p => new ProjectRetention(p.Id, p.Policy!.Retention!.Days, p.Policy.Retention.SamplesPerIssue))];
        Broken = [.. _byProject.SelectMany(p => p.Value.Rules.Problems.Select(problem => (p.Key, problem.Line)))];
    }

    /// <summary>What projects keep for a shorter time than the installation.</summary>
    public IReadOnlyList<ProjectRetention> Retention { get; }

    /// <summary>Rules that this build cannot read: made by a newer one.</summary>
    public IReadOnlyList<(int Project, int Line)> Broken { get; }

    public Policy Of(int projectId) => _byProject.GetValueOrDefault(projectId, Policy.Usual);
}
