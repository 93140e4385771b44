using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Policies;
using ErrorPipeline.Shared.Storage;

namespace ErrorPipeline.Web.Policies;

/// <param name="Rule">As it was written.</param>
/// <param name="Matches">Recent events that it has a say in.</param>
/// <param name="Example">Title of one of them.</param>
/// <param name="Effects">What it would do to them, in words.</param>
public sealed record RuleMatches(Rule Rule, int Matches, string? Example, IReadOnlyList<string> Effects);

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
        var events = await RecentAsync(projectId, errors, clock, cancel);
        var each = rules.All.Select(rule =>
        {
            var alone = RuleSet.Parse(rule.Text);
            var matching = events.Where(e => alone.Matches(e.Subject)).ToList();
            var example = matching.Count == 0 ? null : $"{matching[0].Subject.Type}: {matching[0].Subject.Message}";
            return new RuleMatches(rule, matching.Count, example, matching.Count == 0 ? [] : [.. RuleEffects.Of(rule, matching)]);
        }).ToList();
        return new(events.Count, events.Count(e => rules.Matches(e.Subject)), each);
    }

    private static async Task<IReadOnlyList<RecentEvent>> RecentAsync(int projectId, IErrorReader errors, TimeProvider clock, CancellationToken cancel)
    {
        var issues = await errors.ListIssuesAsync(
            new() { ProjectId = projectId, Limit = MostEvents, NowHour = clock.GetUtcNow().ToUnixTimeSeconds() / 3600 }, cancel);
        var references = new List<(long Issue, SampleRef Sample)>();
        foreach (var issue in issues.Rows)
            references.AddRange((await errors.ListSamplesAsync(issue.Id, SamplesAnIssue, cancel)).Select(sample => (issue.Id, sample)));
        var events = new List<RecentEvent>();
        foreach (var (issue, reference) in references.OrderByDescending(r => r.Sample.At).Take(MostEvents))
        {
            if (await errors.GetEventAsync(projectId, reference.EventId, cancel) is { } sample)
                events.Add(new(issue, RuleSubject.Of(sample), sample.Occurrence.Page));
        }

        return events;
    }
}

/// <param name="Issue">The issue that it is part of now.</param>
internal sealed record RecentEvent(long Issue, RuleSubject Subject, string? Page);
