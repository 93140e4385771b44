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
    public void Derive(long issue, bool words)
    {
        var mine = _fingerprints.OfIssue(issue);
        if (mine.Count == 0)
            return;
        var newest = mine.MaxBy(fingerprint => fingerprint.LastReceived)!;
        var users = new UserBook(errors, 0).Union(mine);
        var numbers = mine.Select(fingerprint => fingerprint.Number).ToList();
        var found = words ? new WordBook(errors).Read(numbers) : null;
        var environments = words ? Environments(numbers) : null;
        errors.Issues.Update(
            BsonQuery.Id(issue),
            w =>
            {
                w.Set(fields =>
                {
                    fields.String("title"u8, newest.Title);
                    fields.String("culprit"u8, newest.Culprit);
                    fields.String("level"u8, newest.Level);
                    fields.String("class"u8, newest.Class);
                    fields.Int64("count"u8, mine.Sum(fingerprint => fingerprint.Count));
                    fields.Int64("users"u8, users);
                    fields.Int64("firstSeen"u8, mine.Min(fingerprint => fingerprint.FirstSeen));
                    fields.Int64("lastSeen"u8, mine.Max(fingerprint => fingerprint.LastSeen));
                    fields.StringOrNull("firstRelease"u8, mine.MinBy(fingerprint => fingerprint.FirstSeen)!.FirstRelease);
                    Write(fields, "words"u8, found);
                    Write(fields, "environments"u8, environments);
                });
                using var made = w.Document("$setOnInsert"u8);
                w.Int32("project"u8, newest.Project);
                w.Int32("state"u8, (int)IssueState.Open);
            },
            upsert: true);
    }

    public void SetState(long issue, IssueState state, long? resolvedAt, string? resolvedIn) => errors.Issues.Update(BsonQuery.Id(issue), w => w.Set(fields =>
    {
        fields.Int32("state"u8, (int)state);
        fields.Int64OrNull("resolvedAt"u8, resolvedAt);
        fields.StringOrNull("resolvedIn"u8, resolvedIn);
        fields.Bool("regressed"u8, false);
    }));

    /// <summary>A line of its history. Told once for each cause.</summary>
    public void Tell(long issue, string cause, long at, string what, string? by, string? detail = null)
    {
        var id = $"{issue}:{cause}";
        if (errors.History.Count(BsonQuery.Id(id), 1) > 0)
            return;
        var order = errors.Next("history");
        errors.History.Insert(w =>
        {
            w.String("_id"u8, id);
            w.Int64("issue"u8, issue);
            w.Int64("order"u8, order);
            w.Int64("at"u8, at);
            w.String("what"u8, StoreText.Clean(what, 200));
            w.StringOrNull("by"u8, StoreText.CleanOrNull(by, 200));
            w.StringOrNull("detail"u8, StoreText.CleanOrNull(detail, 250));
        });
    }

    /// <summary>An issue without fingerprints is none; its number and state are kept.</summary>
    public void Retire(long issue, long move)
    {
        var kept = errors.Issues.First(BsonQuery.Id(issue), found => new State(
            found["project"u8].Int32(), found["state"u8].Int32(), found.Int64OrNull("resolvedAt"u8), found.StringOrNull("resolvedIn"u8), found.StringOrNull("regressedIn"u8)));
        if (kept is null)
            return;
        errors.MovedIssues.Update(
            BsonQuery.Id(issue),
            w => w.Set(fields =>
            {
                fields.Int32("project"u8, kept.Project);
                fields.Int64("move"u8, move);
                fields.Int32("state"u8, kept.Value);
                fields.Int64OrNull("resolvedAt"u8, kept.ResolvedAt);
                fields.StringOrNull("resolvedIn"u8, kept.ResolvedIn);
                fields.StringOrNull("regressedIn"u8, kept.RegressedIn);
            }),
            upsert: true);
        errors.Issues.Delete(BsonQuery.Id(issue));
    }

    /// <summary>With the state that it had; its totals are derived once it has fingerprints.</summary>
    public void Revive(long issue)
    {
        var kept = errors.MovedIssues.First(BsonQuery.Id(issue), found => new State(
            found["project"u8].Int32(), found["state"u8].Int32(), found.Int64OrNull("resolvedAt"u8), found.StringOrNull("resolvedIn"u8), found.StringOrNull("regressedIn"u8)));
        if (kept is null)
            return;
        errors.Issues.Insert(w =>
        {
            w.Int64("_id"u8, issue);
            w.Int32("project"u8, kept.Project);
            w.Int32("state"u8, kept.Value);
            w.Int64OrNull("resolvedAt"u8, kept.ResolvedAt);
            w.StringOrNull("resolvedIn"u8, kept.ResolvedIn);
            w.StringOrNull("regressedIn"u8, kept.RegressedIn);
            foreach (var text in (string[])["title", "culprit", "level", "class"])
                w.String(System.Text.Encoding.UTF8.GetBytes(text), "");
            foreach (var number in (string[])["count", "users", "firstSeen", "lastSeen"])
                w.Int64(System.Text.Encoding.UTF8.GetBytes(number), 0);
        });
        errors.MovedIssues.Delete(BsonQuery.Id(issue));
    }

    private List<string> Environments(List<long> fingerprints) => [.. errors.Facets.Query(
        w =>
        {
            w.In("f"u8, fingerprints);
            w.String("dimension"u8, "environment"u8);
        },
        found => found["value"u8].String()).Distinct()];

    private static void Write(BsonWriter fields, ReadOnlySpan<byte> key, IEnumerable<string>? values)
    {
        if (values is null)
            return;
        using var array = fields.Array(key);
        foreach (var value in values)
            fields.String(default, value);
    }

    private sealed record State(int Project, int Value, long? ResolvedAt, string? ResolvedIn, string? RegressedIn);
}
