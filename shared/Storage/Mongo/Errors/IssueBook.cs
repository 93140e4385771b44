using ErrorPipeline.Shared.Storage.Mongo.Bson;

namespace ErrorPipeline.Shared.Storage.Mongo.Errors;

/// <summary>
/// Issues: totals and description are worked out from their fingerprints and set, so they cannot drift, and working them out again is never
/// wrong. An issue is there once it was derived, which is after everything is counted.
/// </summary>
internal sealed class IssueBook(ErrorCollections errors)
{
    private readonly FingerprintBook _fingerprints = new(errors);

    public bool Has(long issue) => errors.Issues.Count(BsonQuery.Id(issue), 1) > 0;

    public int? ProjectOf(long issue) => errors.Issues.Query(BsonQuery.Id(issue), found => (int?)found["project"u8].Int32()).FirstOrDefault();

    /// <param name="issue">Its number.</param>
    /// <param name="words">The words of search and the environments may have changed too.</param>
    public void Derive(long issue, bool words) => Derive(new Dictionary<long, bool> { [issue] = words });

    /// <summary>Several in a few steps.</summary>
    /// <param name="issues">With whether the words of search and the environments may have changed too.</param>
    public void Derive(IReadOnlyDictionary<long, bool> issues)
    {
        if (issues.Count == 0)
            return;
        var fingerprints = _fingerprints.OfIssues(issues.Keys).ToLookup(fingerprint => fingerprint.Issue);
        var spoken = issues.Where(issue => issue.Value).SelectMany(issue => fingerprints[issue.Key]).ToDictionary(fingerprint => fingerprint.Number, fingerprint => fingerprint.Issue);
        var (words, environments) = spoken.Count == 0 ? (null, null) : Spoken(errors, spoken);
        var users = new UserBook(errors, 0);
        errors.Issues.UpdateAll(
            [.. fingerprints.Select(mine => (Issue: mine.Key, Fingerprints: mine.ToList(), Users: users.Union([.. mine])))],
            (w, derived) => w.Int64("_id"u8, derived.Issue),
            (w, derived) =>
            {
                var (issue, mine, _) = derived;
                var newest = mine.MaxBy(fingerprint => fingerprint.LastReceived)!;
                w.Set(fields =>
                {
                    fields.String("title"u8, newest.Title);
                    fields.String("culprit"u8, newest.Culprit);
                    fields.String("level"u8, newest.Level);
                    fields.String("class"u8, newest.Class);
                    fields.Int64("count"u8, mine.Sum(fingerprint => fingerprint.Count));
                    fields.Int64("users"u8, derived.Users);
                    fields.Int64("firstSeen"u8, mine.Min(fingerprint => fingerprint.FirstSeen));
                    fields.Int64("lastSeen"u8, mine.Max(fingerprint => fingerprint.LastSeen));
                    fields.Int64("drained"u8, mine.Sum(fingerprint => fingerprint.Drained));
                    fields.StringOrNull("firstRelease"u8, mine.MinBy(fingerprint => fingerprint.FirstSeen)!.FirstRelease);
                    if (!issues[issue])
                        return;
                    Write(fields, "words"u8, words![issue]);
                    Write(fields, "environments"u8, environments![issue]);
                });
                using var made = w.Document("$setOnInsert"u8);
                w.Int32("project"u8, newest.Project);
                w.Int32("state"u8, (int)IssueState.Open);
            },
            upsert: true);
    }

    /// <summary>A line of its history. Told once for each cause.</summary>
    public void Tell(long issue, string cause, long at, string what, string? by, string? detail = null) => Tell([new(issue, cause, at, what, by, detail)]);

    /// <summary>Lines of several, in one step.</summary>
    public void Tell(IReadOnlyList<HistoryLine> lines)
    {
        var known = errors.History.Known([.. lines.Select(line => line.Id)]);
        var missing = lines.Where(line => !known.Contains(line.Id)).ToList();
        if (missing.Count == 0)
            return;
        var order = errors.NextOf("history", missing.Count);
        errors.History.InsertAll(missing, (w, line) =>
        {
            w.String("_id"u8, line.Id);
            w.Int64("issue"u8, line.Issue);
            w.Int64("order"u8, order++);
            w.Int64("at"u8, line.At);
            w.String("what"u8, StoreText.Clean(line.What, 200));
            w.StringOrNull("by"u8, StoreText.CleanOrNull(line.By, 200));
            w.StringOrNull("detail"u8, StoreText.CleanOrNull(line.Detail, 250));
        });
    }

    /// <summary>An issue without fingerprints is none; its number and state are kept.</summary>
    public void Retire(long issue, long move)
    {
        var kept = errors.Issues.First(BsonQuery.Id(issue), ReadKept);
        if (kept is null)
            return;
        errors.MovedIssues.Update(
            BsonQuery.Id(issue),
            w => w.Set(fields =>
            {
                fields.Int32("project"u8, kept.Project);
                fields.Int64("move"u8, move);
                fields.Int32("state"u8, (int)kept.Standing.State);
                fields.Int64OrNull("resolvedAt"u8, kept.Standing.ResolvedAt);
                fields.StringOrNull("resolvedIn"u8, kept.Standing.ResolvedIn);
                fields.StringOrNull("regressedIn"u8, kept.RegressedIn);
                fields.String("standing"u8, kept.Standing.Write());
            }),
            upsert: true);
        errors.Issues.Delete(BsonQuery.Id(issue));
    }

    /// <summary>With the state that it had; its totals are derived once it has fingerprints.</summary>
    public void Revive(long issue)
    {
        var kept = errors.MovedIssues.First(BsonQuery.Id(issue), ReadKept);
        if (kept is null)
            return;
        errors.Issues.Insert(w =>
        {
            w.Int64("_id"u8, issue);
            w.Int32("project"u8, kept.Project);
            w.StringOrNull("regressedIn"u8, kept.RegressedIn);
            IssueStandings.Write(w, kept.Standing, command: null);
            foreach (var text in (string[])["title", "culprit", "level", "class"])
                w.String(System.Text.Encoding.UTF8.GetBytes(text), "");
            foreach (var number in (string[])["count", "users", "firstSeen", "lastSeen"])
                w.Int64(System.Text.Encoding.UTF8.GetBytes(number), 0);
        });
        errors.MovedIssues.Delete(BsonQuery.Id(issue));
    }

    /// <summary>By issue, each once: what search finds it by (its words, and its facets as words), and its environments.</summary>
    internal static (ILookup<long, string> Words, ILookup<long, string> Environments) Spoken(ErrorCollections errors, IReadOnlyDictionary<long, long> owners)
    {
        var values = errors.Facets.Query(
            w => w.In("f"u8, owners.Keys),
            found => (Issue: owners[found["f"u8].Int64()], Dimension: found["dimension"u8].String(), Value: found["value"u8].String(), Count: found["count"u8].Int64()))
            .Where(facet => SearchTokens.IsSearched(facet.Dimension)).GroupBy(facet => (facet.Issue, facet.Dimension, facet.Value), facet => facet.Count).ToList();
        var facets = values.GroupBy(value => (value.Key.Issue, value.Key.Dimension)).SelectMany(dimension => dimension.OrderByDescending(value => value.Sum()).Take(SearchTokens.MostValues))
            .SelectMany(value => SearchTokens.OfFacet(value.Key.Dimension, value.Key.Value).Select(word => (value.Key.Issue, Word: word)));
        var words = new WordBook(errors).Read(owners).SelectMany(issue => issue.Select(word => (Issue: issue.Key, Word: word)));
        return (
            words.Concat(facets).Distinct().ToLookup(one => one.Issue, one => one.Word),
            values.Where(value => value.Key.Dimension == "environment").ToLookup(value => value.Key.Issue, value => value.Key.Value));
    }

    private static Kept ReadKept(BsonView found) => new(
        found["project"u8].Int32(), found.StringOrNull("regressedIn"u8), found.StringOrNull("standing"u8) is { } standing ? Standing.Read(standing) : IssueStandings.Read(found));

    internal static void Write(BsonWriter fields, ReadOnlySpan<byte> key, IEnumerable<string> values)
    {
        using var array = fields.Array(key);
        foreach (var value in values)
            fields.String(default, value);
    }

    private sealed record Kept(int Project, string? RegressedIn, Standing Standing);
}

/// <param name="Cause">What is told twice for one cause is told once.</param>
internal sealed record HistoryLine(long Issue, string Cause, long At, string What, string? By, string? Detail)
{
    public string Id => $"{Issue}:{Cause}";
}
