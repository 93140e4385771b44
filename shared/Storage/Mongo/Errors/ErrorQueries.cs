using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Storage.Mongo.Bson;
using ErrorPipeline.Shared.Storage.Mongo.Native;
using ErrorPipeline.Shared.Streams;

namespace ErrorPipeline.Shared.Storage.Mongo.Errors;

/// <summary>What readers ask of issues and their events.</summary>
internal static class ErrorQueries
{
    public static IssuePage ListIssues(ErrorCollections errors, IssueQuery query)
    {
        if (IssueListFilter.Of(query, query.MetBy is { } users ? IssuesOf(errors, users) : null) is not { } filter)
            return new([], null); // asked for, but nothing in it that any text could contain
        var (sort, direction) = (IssueListFilter.Field(query.Sort), query.Before is null ? -1 : 1);
        var order = BsonQuery.Sorted(query.Limit + 1, (sort, direction), ("_id", direction));
        var walked = query.ProjectId is null ? sort : $"project_{sort}";
        var rows = filter.IsNarrow
            ? FirstRows(errors, filter.WriteNarrow, filter.Write, order, walked, filter.HasWords ? "words" : null)
            : errors.Issues.Query(filter.Write, ReadRow, order);
        var page = IssueCursor.Page(query, rows, row => row);
        return query.TrendHours <= 0 ? page : page with { Rows = WithTrends(errors, [.. page.Rows], query) };
    }

    /// <summary>
    /// The first in an order, where few may fit. An engine that does not know how few walks the order until it has enough, which is through
    /// everything where there are fewer. So the few are found first, in no order; where they are many, the walk ends soon.
    /// </summary>
    /// <param name="errors">Of the store.</param>
    /// <param name="narrow">What few may meet.</param>
    /// <param name="fits">All that must be met.</param>
    /// <param name="order">With the limit.</param>
    /// <param name="walked">The index of the order.</param>
    /// <param name="index">By which the few are found, where the engine would not take it by itself.</param>
    public static List<IssueRow> FirstRows(
        ErrorCollections errors, Action<BsonWriter> narrow, Action<BsonWriter> fits, Action<BsonWriter> order, string walked, string? index = null)
    {
        const int Few = 1_000;
        var found = errors.Issues.Query(narrow, issue => issue["_id"u8].Int64(), options =>
        {
            BsonQuery.Both(BsonQuery.Sorted(Few + 1), BsonQuery.Only("_id"))(options);
            if (index is not null)
                BsonQuery.By(index)(options);
        });
        return found.Count switch
        {
            0 => [],
            > Few => errors.Issues.Query(fits, ReadRow, BsonQuery.Both(order, BsonQuery.By(walked))),
            _ => errors.Issues.Query(
                w =>
                {
                    w.In("_id"u8, found);
                    fits(w);
                },
                ReadRow,
                BsonQuery.Both(order, BsonQuery.By("_id_"))),
        };
    }

    /// <summary>Those that one of the users met.</summary>
    private static List<long> IssuesOf(ErrorCollections errors, IReadOnlyList<string> users)
    {
        const int Most = 10_000;
        var fingerprints = errors.Users.Query(
            w => w.In("user"u8, users.Take(100).Select(user => StoreText.Clean(user, 128))), found => found["f"u8].Int64(), BsonQuery.Sorted(Most));
        return fingerprints.Count == 0 ? [] : [.. errors.Fingerprints.Query(w => w.In("n"u8, fingerprints), found => found["issue"u8].Int64()).Distinct()];
    }

    public static IssueRow? GetRow(ErrorCollections errors, int project, long issue) => errors.Issues.First(
        w =>
        {
            w.Int64("_id"u8, issue);
            w.Int32("project"u8, project);
        },
        ReadRow);

    public static IssueDetail? GetIssue(ErrorCollections errors, int project, long issue)
    {
        if (GetRow(errors, project, issue) is not { } row)
            return null;
        var standing = errors.Issues.First(BsonQuery.Id(issue), IssueStandings.Read);
        var fingerprints = errors.Fingerprints.Query(BsonQuery.Number("issue", issue), FingerprintDocument.ReadGrouping, BsonQuery.Sorted(0, ("n", 1)));
        var history = errors.History.Query(
            BsonQuery.Number("issue", issue),
            found => new IssueHistoryEntry(found["at"u8].Int64(), found["what"u8].String(), found.StringOrNull("by"u8)) { Detail = found.StringOrNull("detail"u8) },
            BsonQuery.Sorted(0, ("order", 1)));
        return new(row, fingerprints, ListSamples(errors, issue, 1) is [var newest] ? newest.EventId : null, history)
        {
            Resolution = row.State == IssueState.Resolved ? MapQueries.GetResolution(errors, issue) : null,
            FirstRelease = RelatedQueries.FirstRelease(errors, issue),
            Ignored = standing?.Ignored,
        };
    }

    public static IReadOnlyList<long> GetSeries(ErrorCollections errors, long issue, long fromHour, long toHour, string? environment)
    {
        var series = new long[toHour - fromHour + 1];
        var only = StoreText.CleanOrNull(environment, 1000);
        foreach (var (_, hour, count) in Hours(errors, NumbersOf(errors, issue), fromHour, toHour, only))
            series[hour - fromHour] += count;
        return series;
    }

    public static IReadOnlyList<Facet> GetFacets(ErrorCollections errors, long issue, int top) =>
    [
        .. errors.Facets.Query(
            w => w.In("f"u8, NumbersOf(errors, issue)),
            found => (Dimension: found["dimension"u8].String(), Value: found["value"u8].String(), Count: found["count"u8].Int64()))
            .GroupBy(row => row.Dimension, StringComparer.Ordinal).OrderBy(rows => rows.Key, StringComparer.Ordinal)
            .Select(rows => (rows.Key, Values: rows.GroupBy(row => row.Value, StringComparer.Ordinal).Select(value => new FacetValue(value.Key, value.Sum(row => row.Count)))
                .Where(value => value.Count > 0).OrderByDescending(value => value.Count).ThenBy(value => value.Value, StringComparer.Ordinal).ToList()))
            .Where(facet => facet.Values.Count > 0)
            .Select(facet => new Facet(facet.Key, [.. facet.Values.Take(top)], Math.Max(0, facet.Values.Count - top), facet.Values.Sum(value => value.Count)))
    ];

    public static IReadOnlyList<SampleRef> ListSamples(ErrorCollections errors, long issue, int limit) => errors.Events.Query(
        w => w.In("f"u8, NumbersOf(errors, issue)),
        found => new SampleRef(found["eventId"u8].String(), found["at"u8].Int64(), found.StringOrNull("browser"u8), found.StringOrNull("page"u8))
        {
            Os = found.StringOrNull("os"u8),
            Device = found.StringOrNull("device"u8),
            Release = found.StringOrNull("release"u8),
            Environment = found.StringOrNull("environment"u8),
            UserKey = found.StringOrNull("userKey"u8),
            User = found.StringOrNull("user"u8),
        },
        options =>
        {
            BsonQuery.Sorted(limit, ("at", -1), ("_id", -1))(options);
            using var fields = options.Document("projection"u8);
            options.Int32("body"u8, 0);
        });

    public static IReadOnlyList<EventSample> WalkEvents(ErrorCollections errors, int project, string? after, int limit) => errors.Events.Query(
        w => w.Between("_id"u8, SampleBook.IdOf(project, after ?? ""), $"{project};"), found => StoredJson.ReadSample(found["body"u8].Binary().ToArray()), BsonQuery.Sorted(limit, ("_id", 1)));

    public static EventSample? GetEvent(ErrorCollections errors, int project, string eventId) => errors.Events.First(
        BsonQuery.Id(SampleBook.IdOf(project, eventId)), found => StoredJson.ReadSample(found["body"u8].Binary().ToArray()));

    public static IReadOnlyList<string> ListEnvironments(ErrorCollections errors, int project) => errors.Environments.Query(
        w => w.Int32("project"u8, project), found => found["environment"u8].String(), BsonQuery.Sorted(100, ("count", -1), ("environment", -1)));

    public static IReadOnlyList<ClientArrivals> ListClients(ErrorCollections errors, int project) => errors.Clients.Query(
        w => w.Int32("project"u8, project),
        found => new ClientArrivals(found["client"u8].String(), found["count"u8].Int64(), found["lastReceived"u8].Int64(), found.Int64OrNull("lastIssue"u8) ?? 0),
        BsonQuery.Sorted(0, ("client", 1)));

    public static IReadOnlyList<OutcomeCount> ListOutcomes(ErrorCollections errors, int? project, long fromMinute) => errors.Outcomes.Query(
        w =>
        {
            w.Compare("minute"u8, "$gte"u8, fromMinute);
            if (project is { } only)
                w.Int32("project"u8, only);
        },
        found => new OutcomeCount(found["project"u8].Int32(), found["minute"u8].Int64(), found["outcome"u8].String(), found["count"u8].Int64()),
        BsonQuery.Sorted(0, ("minute", 1), ("project", 1), ("outcome", 1)));

    public static IReadOnlySet<string> AppliedCommands(ErrorCollections errors, IReadOnlyCollection<string> ids)
    {
        var known = errors.Commands.Query(w => w.In("_id"u8, ids.Select(id => StoreText.Clean(id, 100))), found => found["_id"u8].String()).ToHashSet();
        return ids.Where(id => known.Contains(StoreText.Clean(id, 100))).ToHashSet();
    }

    public static IReadOnlyList<ApproximateInterval> ListApproximate(ErrorCollections errors, int limit) => errors.Approximate.Query(
        _ => { },
        found => new ApproximateInterval(found["lane"u8].String(), found["from"u8].Int64(), found["to"u8].Int64(), found["reason"u8].String()),
        BsonQuery.Sorted(limit, ("_id", -1)));

    public static IReadOnlyList<RefusedDelta> ListRefused(ErrorCollections errors, int limit) => errors.Refused.Query(
        _ => { },
        found => new RefusedDelta(StreamId.FromSortable(found["entry"u8].String()), StoredJson.ReadDelta(found["delta"u8].Binary().ToArray()), found["reason"u8].String()),
        BsonQuery.Sorted(limit, ("order", -1)));

    public static StoreSummary Summarize(ErrorCollections errors)
    {
        using var ask = new BsonWriter();
        ask.Int32("buildInfo"u8, 1);
        var engine = errors.Session.Read(ask).View["version"u8].String();
        return new(errors.Issues.Count(_ => { }), errors.Events.Count(_ => { }), Sum(errors.Session, "issues", "count"), Purge.Bytes(errors), $"MongoDB {engine}");
    }

    public static long Sum(MongoSession session, string collection, string field)
    {
        using var pipeline = new BsonWriter();
        using (pipeline.Array("pipeline"u8))
        using (pipeline.Document(default))
        using (pipeline.Document("$group"u8))
        {
            pipeline.Null("_id"u8);
            using var sum = pipeline.Document("sum"u8);
            pipeline.String("$sum"u8, $"${field}");
        }

        using var cursor = session.Aggregate(collection, pipeline);
        return cursor.Next(out var found) ? found["sum"u8].Int64() : 0;
    }

    public static IssueRow ReadRow(BsonView found) => new()
    {
        Id = found["_id"u8].Int64(),
        ProjectId = found["project"u8].Int32(),
        Title = found["title"u8].String(),
        Culprit = found["culprit"u8].String(),
        Level = found["level"u8].String(),
        Class = found["class"u8].String(),
        State = (IssueState)found["state"u8].Int32(),
        Count = found["count"u8].Int64(),
        Users = found["users"u8].Int64(),
        FirstSeen = found["firstSeen"u8].Int64(),
        LastSeen = found["lastSeen"u8].Int64(),
        RegressedIn = found.TryFind("regressed"u8, out var regressed) && regressed.Bool() ? found.StringOrNull("regressedIn"u8) : null,
        Draining = found["state"u8].Int32() == (int)IssueState.Resolved ? found.Int64OrNull("drained"u8) ?? 0 : 0,
        Assignee = found.StringOrNull("assignee"u8),
        Trend = [],
    };

    private static List<long> NumbersOf(ErrorCollections errors, long issue) =>
        errors.Fingerprints.Query(BsonQuery.Number("issue", issue), found => found["n"u8].Int64());

    /// <summary>Of the whole page by two queries.</summary>
    private static List<IssueRow> WithTrends(ErrorCollections errors, List<IssueRow> page, IssueQuery query)
    {
        var from = query.NowHour - query.TrendHours + 1;
        var trends = page.ToDictionary(row => row.Id, _ => new long[query.TrendHours]);
        var owners = errors.Fingerprints.Query(
            w => w.In("issue"u8, trends.Keys), found => (Number: found["n"u8].Int64(), Issue: found["issue"u8].Int64())).ToDictionary(f => f.Number, f => f.Issue);
        foreach (var (fingerprint, hour, count) in Hours(errors, owners.Keys, from, query.NowHour, environment: null))
            trends[owners[fingerprint]][hour - from] += count;
        return [.. page.Select(row => row with { Trend = trends[row.Id] })];
    }

    private static List<(long Fingerprint, long Hour, long Count)> Hours(ErrorCollections errors, IEnumerable<long> fingerprints, long from, long to, string? environment) => errors.Hours.Query(
        w =>
        {
            w.In("f"u8, fingerprints);
            using (w.Document("hour"u8))
            {
                w.Int64("$gte"u8, from);
                w.Int64("$lte"u8, to);
            }

            if (environment is not null)
                w.String("environment"u8, environment);
        },
        found => (found["f"u8].Int64(), found["hour"u8].Int64(), found["count"u8].Int64()));
}
