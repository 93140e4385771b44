using System.Text.RegularExpressions;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Shared.Storage.Sqlite;

namespace ErrorPipeline.Stores.Compliance;

/// <summary>Every statement that the store ever runs is asked for its plan: none may read a whole table.</summary>
[TestFixture]
internal sealed partial class SqliteQueryPlanTests : WithSqliteSession
{
    [Test]
    public void Readers_EveryStatement_UsesAnIndex()
    {
        foreach (var sort in Enum.GetValues<IssueSort>())
            foreach (var project in (int?[])[null, 1])
                foreach (var before in (string?[])[null, "place"])
                {
                    var everything = Some.Query with
                    {
                        Sort = sort,
                        ProjectId = project,
                        Before = before,
                        State = IssueState.Open,
                        Environment = "x",
                        Since = 1,
                        Class = "x",
                        Level = "x",
                        Count = new(1, 2),
                        Users = new(1, 2),
                        FirstSeen = new(1, 2),
                        LastSeen = new(1, 2),
                        Regressed = true,
                        Draining = true,
                        Assigned = true,
                        Assignees = ["x"],
                        MetBy = ["x"],
                    };
                    new IssueListQuery(everything, new(sort, 1, 1), new("\"x\"", "\"y\"")).RunAll(Session);
                }

        ErrorQueries.ListIssues(Session, Some.Query with { Text = "x" });
        ErrorQueries.GetIssue(Session, 1, 1);
        ErrorQueries.GetSeries(Session, 1, 0, 5, "x");
        ErrorQueries.GetFacets(Session, 1, 5);
        ErrorQueries.ListSamples(Session, 1, 5);
        ErrorQueries.GetEvent(Session, 1, "x");
        ErrorQueries.WalkEvents(Session, 1, "x", 5);
        Mentions.Find(Session, 1, "somebody");
        FeedbackShelf.Walk(Session, 1, null, 5);
        CommentShelf.OfIssue(Session, Some.Project, 1, 5);
        FeedbackShelf.OfIssue(Session, 1, 1, 5);
        FeedbackShelf.OfEvent(Session, 1, "x");
        ErrorQueries.ListEnvironments(Session, 1);
        ErrorQueries.ListClients(Session, 1);
        ErrorQueries.ListOutcomes(Session, 1, 0);
        ErrorQueries.AppliedCommands(Session, ["x"]);
        ErrorQueries.ListApproximate(Session, 5);
        ErrorQueries.ListRefused(Session, 5);
        ErrorQueries.Summarize(Session);
        new DeltaApplier(Session, new() { Path = "" }, singly: true).Apply("lane-00", [Some.Entry(1, Some.Delta("a").Of("1.0"))]);
        new CommandApplier(Session).Apply([new(Some.Id(1), Some.Command(CommandKind.Resolve, 1, at: 0))]);
        ErrorQueries.GetIssue(Session, Some.Project, 1);
        MapQueries.PreviewMerge(Session, Some.Project, [1]);
        MapQueries.ListMoves(Session, 1, 1, 5);
        MapQueries.ListFingerprints(Session, 1, 5);
        MapQueries.ListReleases(Session, Some.Project, 5);
        foreach (var project in (int?[])[null, Some.Project])
            OverviewQueries.Get(Session, new(project, Some.Start, 5));
        OverviewQueries.ListShares(Session, Some.Project, 0, "production");
        foreach (var project in (int?[])[null, Some.Project])
        {
            OverviewQueries.ListArrivals(Session, new(project, "production", Some.Start));
            OverviewQueries.ListSessions(Session, project, null, Some.Start);
        }

        foreach (var how in Enum.GetValues<ReleaseIssues>())
            OverviewQueries.ListOfRelease(Session, Some.Project, "1.0", how, 5);
        MapQueries.GetRemapProgress(Session);
        RelatedStatements();
        IssueMap.HolderOf(Session, 1, 1);

        AssertPlans(atLeast: 200);
    }

    private void RelatedStatements()
    {
        var met = Some.Sample("r1") is var sample ? sample with { Occurrence = sample.Occurrence with { UserKey = "u" } } : null!;
        new DeltaApplier(Session, new() { Path = "" }, singly: true).Apply(
            "lane-00", [Some.Entry(2, Some.Delta("r", facets: [new("page", met.Occurrence.Page!, 1)], samples: [met]).Of("1.0"), Some.Delta("s", samples: [met with { Occurrence = met.Occurrence with { EventId = "s1" } }]))]);
        var issue = (long)Session.Scalar("SELECT issue_id FROM fingerprints WHERE project_id = ?1 AND version = 'v1' AND fingerprint = 'r'", Some.Project)!;
        RelatedQueries.List(Session, Some.Project, issue, 5).SameUsers.Should().ContainSingle();
        ProjectFacetShelf.Read(Session, Some.Project, 0, Some.Start).Counts.Should().NotBeEmpty();
    }

    [Test]
    public void Writer_EveryStatement_UsesAnIndex()
    {
        var options = new SqliteErrorStoreOptions { Path = File.Path, SamplesPerFingerprint = 2, ExactUsers = 2 };
        var deltas = Enumerable.Range(0, 4).SelectMany(n => Enumerable.Range(0, 6).Select(f => Some.Delta(
            $"f{f}", users: [$"a{n}", $"b{n}"], samples: [Some.Sample($"e{n}-{f}", $"n{n}", at: n * 2 * Some.HourMs)]))).Append(Some.Delta(count: -1))
            .Append(Some.Delta() with { Feedback = [new("x", "e0-0", 0, null, null, "a"), new("y", "none", 0, null, null, "b")] }).ToArray();
        Leadership.Take(Session, "x");
        Leadership.MoveCursor(Session, 1, "lane-00", default, Some.Id(1));
        Session.InTransaction(s => new DeltaApplier(s, options, singly: true).Apply("lane-00", [Some.Entry(1, deltas)]));
        Session.Execute("UPDATE fingerprints SET issue_id = 1 WHERE id = 2");
        new IssueTotals(Session).Derive(1);
        CommandEntry Command(long n, string kind, long issue) => new(Some.Id(n), Some.Command(kind, issue, at: -1));
        new CommandApplier(Session).Apply(
            [Command(1, CommandKind.Resolve, 1), Command(2, CommandKind.Delete, 1), Command(3, CommandKind.Ignore, 3), Command(4, CommandKind.Delete, 9)]);
        new CommandApplier(Session).Apply(
        [
            new(Some.Id(5), Some.Command(CommandKind.Ignore, 3, at: 0) with { Until = 1, UntilEvents = 1, Batch = "b" }), Command(6, CommandKind.Assign, 4), Command(7, CommandKind.Comment, 4),
            new(Some.Id(8), Some.Command(CommandKind.Comment, 4, at: 0) with { Text = "x" }), new(Some.Id(9), Some.Command(CommandKind.Uncomment, 4, at: 0) with { Text = "x" }),
            new(Some.Id(10), Some.Command(CommandKind.Restore, 0, at: 0) with { Batch = "b" }), new(Some.Id(11), Some.Command(CommandKind.Ignore, 3, at: 0) with { Until = 1, UntilEvents = 1 }),
        ]);
        new IssueStandings(Session).WakeDue(Some.Now);
        MapStatements();
        foreach (var policy in (RetentionPolicy[])[new(TimeSpan.FromDays(1), 0, 1) { Projects = [new(Some.Project, 1, 1)] }, new(TimeSpan.FromDays(1), 1, 1), new(TimeSpan.Zero, 0)])
        {
            Purge purge;
            do
                (purge = new(Session, policy, Some.Now.AddDays(policy.MaxAge == TimeSpan.Zero ? 9 : 0))).Step();
            while (!purge.IsDone);
        }

        AssertPlans(atLeast: 50);
    }

    /// <summary>Issues 4, 5 and 6: merged, split, taken back, repaired, brought back by a newer release and deleted.</summary>
    private void MapStatements()
    {
        IssueDelta Later(string fingerprint) => Some.Delta(fingerprint, received: 900).Of("2.0").Named(new GroupingAlias(GroupingAlias.Build, "s"), new GroupingAlias("v0", "x"));
        void Deltas(params IssueDelta[] deltas) => new DeltaApplier(Session, new() { Path = "" }, singly: true).Apply("lane-00", [Some.Entry(1, deltas)]);
        void Run(params StoreCommand[] commands) => new CommandApplier(Session).Apply([.. commands.Select((command, n) => new CommandEntry(Some.Id(100 + n), command))]);
        Deltas(Later("f3"), Later("f4"), Later("f5"), Later("f6"));
        Run(
            Some.Command(CommandKind.Resolve, 4, at: 1000), Some.Command(CommandKind.Resolve, 4, at: 1000) with { Release = "1.0" }, Some.Merge(4, 5), Some.Undo(4, 1), Some.Merge(4, 5),
            Some.Command(CommandKind.Split, 4, at: 1) with { Fingerprints = ["v1:f4"] }, Some.Command(CommandKind.Release, 0, at: 1) with { ProjectId = Some.Project, Release = "r" },
            Some.Command(CommandKind.Erase, 0, at: 1) with { ProjectId = Some.Project, Events = ["e"], Users = ["u"], Fingerprints = ["v1:f4"], Text = "somebody" });
        Deltas(Some.Delta("f3", received: 2000).Of("1.0"), Some.Delta("f3", received: 2000).Of("3.0"));
        var unmapped = RemapApplier.Next(Session, Some.Project, null, null)!;
        RemapApplier.Count(Session, Some.Project, null);
        new RemapApplier(Session).Apply(new(new(), [.. unmapped.Samples.Select(s => new RemappedSample(Some.Project, s, new("v1", "f5", []), "c"))]));
        new RemapApplier(Session).Apply(new(new(), [.. RemapApplier.Next(Session, Some.Project, null, unmapped.Place)!.Samples.Select(s => new RemappedSample(Some.Project, s, new("v1", "new", []), "c"))]));
        Run(Some.Command(CommandKind.Delete, 4, at: 1), Some.Command(CommandKind.Delete, 6, at: 1));
    }

    private void AssertPlans(int atLeast)
    {
        var statements = Session.Statements.Where(sql => Planned().IsMatch(sql)).ToList();
        statements.Should().HaveCountGreaterThanOrEqualTo(atLeast);
        using var other = File.Session();
        foreach (var sql in statements)
        {
            var parameters = Parameter().Matches(sql).Select(match => int.Parse(match.Groups["n"].Value)).DefaultIfEmpty().Max();
            var plan = other.Query("EXPLAIN QUERY PLAN " + sql, row => row.GetString(3), new object?[parameters]);
            plan.Should().NotContain(step => WholeTable().IsMatch(step), "of\n{0}\nwhose plan is\n{1}", sql, string.Join('\n', plan));
            // Issue by issue it must be asked whether one has an environment, never which of all have it.
            if (!sql.Contains("INDEXED BY facets_environment", StringComparison.Ordinal))
                plan.Should().NotContain(step => step.Contains("facets_environment (value=?)", StringComparison.Ordinal), "of\n{0}", sql);
        }
    }

    [GeneratedRegex(@"^\s*(SELECT|UPDATE|DELETE|INSERT|WITH)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Planned();

    [GeneratedRegex(@"\?(?<n>\d+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Parameter();

    /// <summary>
    /// A scan is fine along an index (which ends at a LIMIT or counts without rows), of a derived set, inside FTS5, and along the
    /// row ids of three tables that are only ever read by LIMIT; "quarters" are numbers, counted up.
    /// </summary>
    [GeneratedRegex(@"^SCAN (?!.*USING (COVERING )?INDEX)(?!.*VIRTUAL TABLE INDEX)(?!(approximate|refused|garbage|quarters)$)(?!CONSTANT ROW|\(|match)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex WholeTable();
}
