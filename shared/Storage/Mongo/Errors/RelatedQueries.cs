using ErrorPipeline.Shared.Storage.Mongo.Bson;

namespace ErrorPipeline.Shared.Storage.Mongo.Errors;

/// <summary>Issues that have to do with one. Every step reads a bounded number of documents along an index.</summary>
internal static class RelatedQueries
{
    public static RelatedIssues List(ErrorCollections errors, int project, long issue, int limit)
    {
        var numbers = new FingerprintBook(errors).OfIssue(issue).Select(fingerprint => fingerprint.Number).ToList();
        return new(
            Known(errors, SameUsers(errors, project, numbers), issue, limit),
            Known(errors, SamePage(errors, project, numbers), issue, limit),
            SameRelease(errors, project, issue, limit));
    }

    public static string? FirstRelease(ErrorCollections errors, long issue) =>
        errors.Issues.Query(BsonQuery.Id(issue), found => found.StringOrNull("firstRelease"u8)).FirstOrDefault();

    /// <summary>An issue once for each visitor that met it.</summary>
    private static List<long> SameUsers(ErrorCollections errors, int project, List<long> numbers)
    {
        var users = errors.Events.Query(
            w =>
            {
                w.In("f"u8, numbers);
                using var named = w.Document("userKey"u8);
                w.String("$gt"u8, "");
            },
            found => found["userKey"u8].String(), Light("userKey", RelatedReach.Users)).Distinct(StringComparer.Ordinal).ToList();
        if (users.Count == 0)
            return [];
        var met = errors.Events.Query(
            w =>
            {
                w.Int32("project"u8, project);
                w.In("userKey"u8, users);
            },
            found => (User: found["userKey"u8].String(), Fingerprint: found["f"u8].Int64()), Light("userKey", RelatedReach.Users * RelatedReach.EventsPerUser, sorted: false)).Distinct().ToList();
        var issues = IssuesOf(errors, met.Select(one => one.Fingerprint));
        return [.. met.Where(one => issues.ContainsKey(one.Fingerprint)).Select(one => (one.User, Issue: issues[one.Fingerprint])).Distinct().Select(one => one.Issue)];
    }

    /// <summary>An issue once for each kept event.</summary>
    private static List<long> SamePage(ErrorCollections errors, int project, List<long> numbers)
    {
        var pages = errors.Facets.Query(
            w =>
            {
                w.In("f"u8, numbers);
                w.String("dimension"u8, "page"u8);
            },
            found => (Value: found["value"u8].String(), Count: found["count"u8].Int64()))
            .Where(page => page.Value != FacetValue.Rest && page.Count > 0)
            .GroupBy(page => page.Value, StringComparer.Ordinal).OrderByDescending(page => page.Sum(one => one.Count)).Take(RelatedReach.Pages).Select(page => page.Key);
        var seen = pages.SelectMany(page => errors.Events.Query(
            w =>
            {
                w.Int32("project"u8, project);
                w.String("page"u8, page);
            },
            found => found["f"u8].Int64(), Light("page", RelatedReach.EventsPerPage))).ToList();
        var issues = IssuesOf(errors, seen);
        return [.. seen.Where(issues.ContainsKey).Select(fingerprint => issues[fingerprint])];
    }

    private static IReadOnlyList<RelatedIssue> SameRelease(ErrorCollections errors, int project, long issue, int limit) =>
        FirstRelease(errors, issue) is not { } release ? [] :
        [
            .. errors.Issues.Query(
                w =>
                {
                    w.Int32("project"u8, project);
                    w.String("firstRelease"u8, release);
                },
                found => Read(found, 0), BsonQuery.Sorted(limit + 1, ("_id", -1))).Where(found => found.Id != issue).Take(limit),
        ];

    private static IReadOnlyList<RelatedIssue> Known(ErrorCollections errors, IEnumerable<long> found, long issue, int limit)
    {
        var ranked = RelatedReach.Ranked(found, issue).Take(limit).ToList();
        if (ranked.Count == 0)
            return [];
        var rows = errors.Issues.Query(w => w.In("_id"u8, ranked.Select(one => one.Key)), row => Read(row, 0)).ToDictionary(row => row.Id);
        return [.. ranked.Where(one => rows.ContainsKey(one.Key)).Select(one => rows[one.Key] with { Shared = one.Value })];
    }

    private static Dictionary<long, long> IssuesOf(ErrorCollections errors, IEnumerable<long> fingerprints)
    {
        var numbers = fingerprints.Distinct().ToList();
        return numbers.Count == 0 ? [] : errors.Fingerprints.Query(w => w.In("n"u8, numbers), found => (Number: found["n"u8].Int64(), Issue: found["issue"u8].Int64()))
            .ToDictionary(found => found.Number, found => found.Issue);
    }

    private static Action<BsonWriter> Light(string field, int limit, bool sorted = true) => options =>
    {
        (sorted ? BsonQuery.Sorted(limit, ("at", -1)) : BsonQuery.Sorted(limit))(options);
        using var fields = options.Document("projection"u8);
        options.Int32(System.Text.Encoding.UTF8.GetBytes(field), 1);
        options.Int32("f"u8, 1);
    };

    private static RelatedIssue Read(BsonView found, long shared) => new(
        found["_id"u8].Int64(), found["title"u8].String(), found["culprit"u8].String(), (IssueState)found["state"u8].Int32(),
        found["count"u8].Int64(), found["lastSeen"u8].Int64(), shared);
}
