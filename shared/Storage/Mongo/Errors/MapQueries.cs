using System.Text;
using ErrorPipeline.Shared.Storage.Mongo.Bson;

namespace ErrorPipeline.Shared.Storage.Mongo.Errors;

/// <summary>What readers ask of the map of fingerprints and of releases.</summary>
internal static class MapQueries
{
    public static MergePreview? PreviewMerge(ErrorCollections errors, int project, IReadOnlyList<long> issues)
    {
        var rows = issues.Distinct().Select(issue => ErrorQueries.GetRow(errors, project, issue)).OfType<IssueRow>().ToList();
        if (rows.Count == 0 || rows.Count != issues.Distinct().Count())
            return null;
        var fingerprints = new FingerprintBook(errors).OfIssues(rows.Select(row => row.Id));
        var newest = fingerprints.MaxBy(fingerprint => fingerprint.LastReceived);
        return new(
            rows, rows.Sum(row => row.Count), new UserBook(errors, 0).Union(fingerprints), rows.Min(row => row.FirstSeen), rows.Max(row => row.LastSeen),
            newest?.Title ?? rows[0].Title, newest?.Culprit ?? rows[0].Culprit, fingerprints.Count);
    }

    public static IReadOnlyList<IssueMove> ListMoves(ErrorCollections errors, int project, long issue, int limit)
    {
        var numbers = new FingerprintBook(errors).OfIssue(issue).Select(fingerprint => fingerprint.Number);
        var moves = errors.MoveParts.Query(BsonQuery.Number("from", issue), part => part["move"u8].Int64())
            .Union(errors.MoveParts.Query(BsonQuery.Number("to", issue), part => part["move"u8].Int64()))
            .Union(errors.MoveParts.Query(w => w.In("f"u8, numbers), part => part["move"u8].Int64()));
        return
        [
            .. errors.Moves.Query(
                w =>
                {
                    w.In("_id"u8, moves);
                    w.Int32("project"u8, project);
                },
                found => new IssueMove(
                    found["_id"u8].Int64(), found["at"u8].Int64(), found["what"u8].String(), found.StringOrNull("by"u8), found.Int64OrNull("undoneBy"u8), []),
                BsonQuery.Sorted(limit, ("_id", -1)))
                .Select(move => move with { Parts = Parts(errors, move.Id) }),
        ];
    }

    public static IReadOnlyList<FingerprintTotals> ListFingerprints(ErrorCollections errors, long issue, int limit) => errors.Fingerprints.Query(
        BsonQuery.Number("issue", issue),
        found => new FingerprintTotals(
            FingerprintDocument.ReadGrouping(found), found.StringOrNull("title"u8) ?? "", found.StringOrNull("culprit"u8) ?? "",
            found["count"u8].Int64(), found.Int64OrNull("firstSeen"u8) ?? 0, found.Int64OrNull("lastSeen"u8) ?? 0),
        BsonQuery.Sorted(limit, ("count", -1), ("n", 1)));

    /// <summary>The latest, nothing counted yet. Releases are few and their order is no field's, so all are read.</summary>
    public static List<ReleaseRow> ListReleases(ErrorCollections errors, int project, int limit)
    {
        var all = new ReleaseNames(errors, new(errors)).All(project).ToList();
        all.Sort((a, b) => ReleaseOrder.Compare(b.Known, a.Known));
        return [.. all.Take(limit).Select(release => release.Row)];
    }

    /// <summary>With what each brought. Of all of them at once: a question for each would be hundreds of ways to the server and back.</summary>
    public static IReadOnlyList<ReleaseRow> CountIssues(ErrorCollections errors, int project, IReadOnlyList<ReleaseRow> releases)
    {
        var versions = releases.Select(release => release.Version).ToList();
        Dictionary<string, long> Issues(string field, Action<BsonWriter>? more = null) => errors.Issues.CountBy(
            w =>
            {
                w.Int32("project"u8, project);
                w.In(Encoding.UTF8.GetBytes(field), versions);
                more?.Invoke(w);
            },
            field,
            version => version.String());
        var (added, back, gone) = (Issues("firstRelease"), Issues("regressedIn"), Issues("resolvedIn", w => w.Int32("state"u8, (int)IssueState.Resolved)));
        return
        [
            .. releases.Select(release => release with
            {
                NewIssues = added.GetValueOrDefault(release.Version),
                Regressed = back.GetValueOrDefault(release.Version),
                Fixed = gone.GetValueOrDefault(release.Version),
            }),
        ];
    }

    public static IssueResolution? GetResolution(ErrorCollections errors, long issue) => errors.Issues.First(
        BsonQuery.Id(issue),
        found => new IssueResolution(
            found.Int64OrNull("resolvedAt"u8) ?? 0, found.StringOrNull("resolvedIn"u8), new FingerprintBook(errors).OfIssue(issue).Sum(fingerprint => fingerprint.Drained))
        {
            InNext = IssueStandings.Read(found).ResolvedNext,
        });

    private static List<MovedFingerprint> Parts(ErrorCollections errors, long move) =>
    [
        .. errors.MoveParts.Query(
            BsonQuery.Number("move", move), part => (Number: part["f"u8].Int64(), From: part["from"u8].Int64(), To: part["to"u8].Int64()), BsonQuery.Sorted(200, ("f", 1)))
            .Select(part => (Fingerprint: new FingerprintBook(errors).Find(part.Number), part.From, part.To))
            .Where(part => part.Fingerprint is not null)
            .Select(part => new MovedFingerprint(part.Fingerprint!.Version, part.Fingerprint.Fingerprint, part.From, part.To)),
    ];
}
