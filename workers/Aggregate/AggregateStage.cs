using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Workers.Pumping;

namespace ErrorPipeline.Workers.Aggregate;

/// <summary>
/// Folds a batch into one delta per (project, grouping version, fingerprint). Keeps nothing between batches, and gives the
/// same deltas for every order of a batch. Every event comes out in exactly one delta, so there are no outcomes.
/// </summary>
internal static class AggregateStage
{
    public static StageResult<IssueDelta> Run(IReadOnlyList<NormalizedError> batch, NoFacts facts, DateTimeOffset now)
    {
        var issues = new Dictionary<(int Project, string Version, string Fingerprint), IssueFold>();
        foreach (var error in batch)
        {
            var key = (error.ProjectId, error.Grouping.Version, error.Grouping.Fingerprint);
            if (!issues.TryGetValue(key, out var issue))
                issues[key] = issue = new();
            issue.Add(error);
        }

        var deltas = issues
            .OrderBy(i => i.Key.Project)
            .ThenBy(i => i.Key.Version, StringComparer.Ordinal)
            .ThenBy(i => i.Key.Fingerprint, StringComparer.Ordinal)
            .Select(i => i.Value.ToDelta());
        return new([.. deltas], []);
    }
}
