using ErrorPipeline.Shared.Storage.Mongo.Bson;

namespace ErrorPipeline.Shared.Storage.Mongo.Errors;

/// <summary>What the overview and the pages of releases ask. Each walks an index and ends at a bound.</summary>
internal static class OverviewQueries
{
    /// <summary>Documents of one quarter of a day that the largest of all projects are chosen from.</summary>
    private const int LargestOfAll = 1_000;

    private const int MostQuarters = 31 * 4;

    /// <summary>Documents of a quarter: each project has at most one a minute.</summary>
    private const int MostArrivals = 20_000;

    public static OverviewFacts Get(ErrorCollections errors, OverviewQuery query)
    {
        void OfProject(BsonWriter w)
        {
            if (query.ProjectId is { } project)
                w.Int32("project"u8, project);
        }

        void IsNew(BsonWriter w)
        {
            OfProject(w);
            w.Compare("firstSeen"u8, "$gte"u8, query.Since);
        }

        void IsBack(BsonWriter w)
        {
            OfProject(w);
            w.Bool("regressed"u8, true);
            w.Int32("state"u8, (int)IssueState.Open);
        }

        return new(
            errors.Issues.Count(IsNew, OverviewFacts.MostCounted),
            errors.Issues.Count(IsBack, OverviewFacts.MostCounted),
            errors.Issues.Query(IsNew, ErrorQueries.ReadRow, BsonQuery.Sorted(query.Top, ("firstSeen", -1), ("_id", -1))),
            ErrorQueries.FirstRows(
                errors, IsBack, IsBack, BsonQuery.Sorted(query.Top, ("lastSeen", -1), ("_id", -1)), query.ProjectId is null ? "regressed" : "project_regressed"),
            Largest(errors, query, Tallies.Class, byProject: false, most: 20),
            Largest(errors, query, Tallies.Release, byProject: true, query.Top),
            Largest(errors, query, Tallies.Page, byProject: true, query.Top));
    }

    public static IReadOnlyList<ReleaseShare> ListShares(ErrorCollections errors, int project, long since, string? environment) =>
        Tallies.Shares(OfProject(errors, project, Tallies.QuarterOf(since), Tallies.In(Tallies.Release, environment)));

    public static IReadOnlyList<Arrivals> ListArrivals(ErrorCollections errors, ArrivalsQuery query) =>
        Tallies.Arrivals(Rows(errors, query.ProjectId, query.Since, Tallies.In(query.ByMinute ? Tallies.Minute : Tallies.Hour, query.Environment), MostArrivals), query.ByMinute);

    public static IReadOnlyList<ReleaseSessions> ListSessions(ErrorCollections errors, int? project, string? environment, long since) =>
        Tallies.Sessions(kind => Rows(errors, project, since, Tallies.In(kind, environment), LargestOfAll));

    public static IReadOnlyList<IssueRow> ListOfRelease(ErrorCollections errors, int project, string release, ReleaseIssues how, int limit)
    {
        void IsOfRelease(BsonWriter w)
        {
            w.Int32("project"u8, project);
            w.String(
                how switch { ReleaseIssues.New => "firstRelease"u8, ReleaseIssues.Fixed => "resolvedIn"u8, _ => "regressedIn"u8 },
                StoreText.Clean(release, DeltaReleases.LongestName));
            if (how == ReleaseIssues.Fixed)
                w.Int32("state"u8, (int)IssueState.Resolved);
        }

        return ErrorQueries.FirstRows(errors, IsOfRelease, IsOfRelease, BsonQuery.Sorted(limit, ("count", -1), ("_id", -1)), "project_count");
    }

    private static IReadOnlyList<Tally> Largest(ErrorCollections errors, OverviewQuery query, string dimension, bool byProject, int most) =>
        Tallies.Largest(Rows(errors, query.ProjectId, query.Since, Tallies.In(dimension, query.Environment), LargestOfAll), byProject, most);

    /// <summary>Of one project all are read, which are few; of all projects the largest of each quarter, so that the smallest of what is shown may miss a little.</summary>
    private static IEnumerable<Tally> Rows(ErrorCollections errors, int? project, long since, string dimension, int largest)
    {
        var from = Tallies.QuarterOf(since);
        return project is { } one ? OfProject(errors, one, from, dimension).Select(row => row.Tally) : OfAll(errors, from, dimension, largest);
    }

    private static List<(long Quarter, Tally Tally)> OfProject(ErrorCollections errors, int project, long from, string dimension) => errors.Tallies.Query(
        w =>
        {
            w.Int32("project"u8, project);
            // Each by itself: between them lie all other dimensions.
            w.In("quarter"u8, Quarters(errors, from));
            w.String("dimension"u8, dimension);
        },
        found => (found["quarter"u8].Int64(), Read(found)));

    private static IEnumerable<Tally> OfAll(ErrorCollections errors, long from, string dimension, int largest)
    {
        foreach (var quarter in Quarters(errors, from))
        {
            foreach (var tally in errors.Tallies.Query(
                w =>
                {
                    w.Int64("quarter"u8, quarter);
                    w.String("dimension"u8, dimension);
                },
                Read,
                BsonQuery.Sorted(largest, ("count", -1))))
                yield return tally;
        }
    }

    /// <summary>From one on to the last that has tallies.</summary>
    private static List<long> Quarters(ErrorCollections errors, long from)
    {
        var last = errors.Tallies.Query(_ => { }, found => found["quarter"u8].Int64(), BsonQuery.Sorted(1, ("quarter", -1))).FirstOrDefault(-1);
        return last < from ? [] : [.. Enumerable.Range(0, (int)Math.Min(last - from, MostQuarters) + 1).Select(n => from + n)];
    }

    private static Tally Read(BsonView found) => new(found["project"u8].Int32(), found["value"u8].String(), found["count"u8].Int64());
}
