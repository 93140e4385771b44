using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Policies;
using ErrorPipeline.Shared.Storage;

namespace ErrorPipeline.Web.Policies;

/// <param name="Rule">As it was written.</param>
/// <param name="Matches">Recent events that it has a say in.</param>
/// <param name="Example">Title of one of them.</param>
public sealed record RuleMatches(Rule Rule, int Matches, string? Example);

/// <summary>What rules would do to the events that are stored.</summary>
/// <param name="Events">Events looked at.</param>
/// <param name="Matched">Events that any rule has a say in.</param>
public sealed record RulePreview(int Events, int Matched, IReadOnlyList<RuleMatches> Rules)
{
    private const int MostEvents = 50;
    private const int SamplesAnIssue = 5;

    /// <summary>Over the newest samples of the project's latest issues. Events that a filter has taken are not among them.</summary>
    public static async Task<RulePreview> OfAsync(int projectId, RuleSet rules, IErrorReader errors, TimeProvider clock, CancellationToken cancel)
    {
        var samples = await RecentAsync(projectId, errors, clock, cancel);
        var subjects = samples.Select(sample => (Subject: RuleSubject.Of(sample), sample.Error)).ToList();
        var each = rules.All.Select(rule =>
        {
            var alone = RuleSet.Parse(rule.Text);
            var matching = subjects.Where(s => alone.Matches(s.Subject)).ToList();
            return new RuleMatches(rule, matching.Count, matching.Count == 0 ? null : $"{matching[0].Error.Type}: {matching[0].Error.Message}");
        }).ToList();
        return new(subjects.Count, subjects.Count(s => rules.Matches(s.Subject)), each);
    }

    private static async Task<IReadOnlyList<EventSample>> RecentAsync(int projectId, IErrorReader errors, TimeProvider clock, CancellationToken cancel)
    {
        var issues = await errors.ListIssuesAsync(
            new() { ProjectId = projectId, Limit = MostEvents, NowHour = clock.GetUtcNow().ToUnixTimeSeconds() / 3600 }, cancel);
        var references = new List<SampleRef>();
        foreach (var issue in issues.Rows)
            references.AddRange(await errors.ListSamplesAsync(issue.Id, SamplesAnIssue, cancel));
        var samples = new List<EventSample>();
        foreach (var reference in references.OrderByDescending(r => r.At).Take(MostEvents))
        {
            if (await errors.GetEventAsync(projectId, reference.EventId, cancel) is { } sample)
                samples.Add(sample);
        }

        return samples;
    }
}
