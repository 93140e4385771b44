using ErrorPipeline.Shared.Storage.Mongo;
using ErrorPipeline.Shared.Storage.Mongo.Errors;

namespace ErrorPipeline.Shared.Storage.Copying;

/// <summary>
/// Everything that the stores keep, each table with what is referred to before what refers to it. A test compares it with the tables that
/// SQLite has and the collections that MongoDB gets: what is forgotten here would be lost in a copy.
/// </summary>
internal static class CopiedTables
{
    public static readonly IReadOnlyList<CopiedTable> Errors =
    [
        new("lanes", "lanes", 1, [Text("lane", "_id"), Text("cursor")]),
        new("issues", "issues", 1,
        [
            Int("id", "_id"), Int32("project_id", "project"), Int32("state"), Int("resolved_at", "resolvedAt", CopiedNull.Missing), Text("title"), Text("culprit"), Text("level"),
            Text("class"), Int("count"), Int("users"), Int("first_seen", "firstSeen"), Int("last_seen", "lastSeen"), Text("resolved_in", "resolvedIn", CopiedNull.Missing),
            Text("regressed_in", "regressedIn", CopiedNull.Missing), Bool("regressed"), Text("first_release", "firstRelease", CopiedNull.Missing),
            Text("assignee", "assignee", CopiedNull.Missing), Int("drained"), Bool("resolved_next", "resolvedNext"), Int("ignored_until", "ignoredUntil", CopiedNull.Missing),
            Int("ignored_count", "ignoredCount", CopiedNull.Missing), Int("ignored_users", "ignoredUsers", CopiedNull.Missing), Text("changed_by", "changedBy", CopiedNull.Missing),
        ])
        {
            Counter = "issues", Numbered = "id",
        },
        new("fingerprints", ErrorCollections.FingerprintsName, 1,
        [
            Int("id", "n"), Int32("project_id", "project"), Text("version"), Text("fingerprint"), Int("issue_id", "issue"), Text("tokens"), Text("title"), Text("culprit"),
            Text("level"), Text("class"), Int("count"), Int("users"), Int("samples"), Int("first_seen", "firstSeen"), Int("last_seen", "lastSeen"),
            Int("last_received", "lastReceived"), Text("notes", "notes", CopiedNull.Missing), Text("first_release", "firstRelease", CopiedNull.Missing),
            Int("first_release_at", "firstReleaseAt", CopiedNull.Missing), Int("drained"),
        ])
        {
            Id = row => FingerprintDocument.IdOf(new((int)row.Number(1), row.Text(2), row.Text(3))), Counter = "fingerprints", Numbered = "id",
            // What is left of a deleted one are markers of entries that every cursor has passed.
            OnlyWhere = w => w.Exists("deletedAt"u8, false),
        },
        new("hours", ErrorCollections.HoursName, 3, [Int("fingerprint_id", "f"), Int("hour"), Text("environment"), Int("count")])
        {
            Id = row => DeltaCounter.HourId(row.Number(0), row.Number(1), row.Text(2)),
        },
        new("facets", ErrorCollections.FacetsName, 3, [Int("fingerprint_id", "f"), Text("dimension"), Text("value"), Int("count")])
        {
            Id = row => FacetBook.IdOf(row.Number(0), row.Text(1), row.Text(2)),
        },
        new("users", "issueUsers", 2, [Int("fingerprint_id", "f"), Text("user")]) { Id = row => $"{row.Number(0)}:{row.Text(1)}" },
        new("user_sketches", "userSketches", 1, [Int("fingerprint_id", "_id"), Bytes("registers")]) { Besides = (w, _) => w.Int64("change"u8, 1), Batch = 100 },
        new("environments", ErrorCollections.EnvironmentsName, 2, [Int32("project_id", "project"), Text("environment"), Int("count")])
        {
            Id = row => FacetBook.EnvironmentId((int)row.Number(0), row.Text(1)),
        },
        new("samples", "events", 2,
        [
            Int32("project_id", "project"), Text("event_id", "eventId"), Int("fingerprint_id", "f"), Text("novelty"), Int("at"), Int("received_at", "receivedAt"),
            Text("browser", "browser", CopiedNull.Missing), Text("page", "page", CopiedNull.Missing), Bytes("body"), Text("release", "release", CopiedNull.Missing), Bool("unmapped"),
            Text("os", "os", CopiedNull.Missing), Text("device", "device", CopiedNull.Missing), Text("environment", "environment", CopiedNull.Missing),
            Text("user_key", "userKey", CopiedNull.Missing), Text("user", "user", CopiedNull.Missing),
        ])
        {
            Id = row => SampleBook.IdOf((int)row.Number(0), row.Text(1)), Besides = (w, row) =>
            {
                w.Int64("size"u8, ((byte[])row.Values[8]!).Length);
                w.DateTime(SampleBook.Received, row.Number(5));
            },
        },
        new("words", "words", 1, [Int("fingerprint_id", "_id"), Text("words")]),
        new("outcomes", ErrorCollections.OutcomesName, 3, [Int("minute"), Int32("project_id", "project"), Text("outcome"), Int("count")])
        {
            Id = row => DeltaApplier.OutcomeId((int)row.Number(1), row.Number(0), row.Text(2)),
        },
        new("tallies", ErrorCollections.TalliesName, 4, [Int32("project_id", "project"), Int("quarter"), Text("dimension"), Text("value"), Int("count")])
        {
            Id = row => TallyBook.IdOf(new((int)row.Number(0), row.Number(1), row.Text(2), row.Text(3), null)),
        },
        new("project_facets", ErrorCollections.ProjectFacetsName, 4, [Int32("project_id", "project"), Int("week"), Text("dimension"), Text("value"), Int("count")])
        {
            Id = row => ProjectFacetBook.IdOf(new((int)row.Number(0), row.Number(1), row.Text(2), row.Text(3))),
        },
        new("commands", "commands", 1, [Text("id", "_id")]),
        new("undo", "undo", 1, [Text("command_id", "_id"), Int("issue_id", "issue"), Text("batch"), Int("at"), Text("standing")]),
        new("comments", "comments", 1, [Text("id", "_id"), Int("issue_id", "issue"), Int("at"), Text("by", "by", CopiedNull.Missing), Text("text")]),
        new("history", "history", 1,
            [Int("id", "order"), Int("issue_id", "issue"), Int("at"), Text("what"), Text("by", "by", CopiedNull.Missing), Text("detail", "detail", CopiedNull.Missing)])
        {
            Id = row => $"{row.Number(1)}:copied:{row.Number(0)}", Counter = "history", Numbered = "id",
        },
        new("tombstones", "tombstones", 3, [Int32("project_id", "project"), Text("version"), Text("fingerprint", "name"), Int("deleted_at", "deletedAt")])
        {
            Id = row => AliasNames.TombstoneId((int)row.Number(0), row.Text(1), row.Text(2)),
        },
        new("garbage", "garbage", 1, [Int("fingerprint_id", "_id")]),
        new("refused", "refused", 1, [Int("id", "order"), Text("lane"), Text("entry"), Bytes("delta"), Text("reason")])
        {
            Id = row => $"{row.Text(1)}:{row.Text(2)}:copied:{row.Number(0)}", Counter = "refused", Numbered = "id",
        },
        new("approximate", "approximate", 1, [Int("id", "_id"), Text("lane"), Int("from_ms", "from"), Int("to_ms", "to"), Text("reason")]) { Counter = "approximate", Numbered = "id" },
        new("clients", ErrorCollections.ClientsName, 2, [Int32("project_id", "project"), Text("client"), Int("count"), Int("last_received", "lastReceived"), Int("last_issue_id", "lastIssue")])
        {
            Id = row => $"{row.Number(0)}:{row.Text(1)}",
        },
        new("receipt_fates", "receiptFates", 1, [Int("id", "n"), Text("outcome", "_id")]) { Counter = "fates", Numbered = "id" },
        new("receipts", "receipts", 1, [Int("id", "order"), Int("at"), Int("events"), Bytes("body")]) { Id = row => $"copied:{row.Number(0)}", Counter = "receipts", Numbered = "id", Batch = 20 },
        new("aliases", "aliases", 1, [Int("id", "n"), Int32("project_id", "project"), Text("kind"), Text("value"), Bool("mapped"), Int("fingerprint_id", "f")])
        {
            Id = row => AliasNames.IdOf(row.Number(5), row.Text(2), row.Text(3)), Counter = "aliases", Numbered = "id",
        },
        new("moves", "moves", 1,
            [Int("id", "_id"), Int32("project_id", "project"), Int("at"), Text("what"), Text("by", "by", CopiedNull.Missing), Int("undone_by", "undoneBy", CopiedNull.Missing)])
        {
            Counter = "moves", Numbered = "id",
        },
        new("move_parts", "moveParts", 2, [Int("move_id", "move"), Int("fingerprint_id", "f"), Int("from_issue", "from"), Int("to_issue", "to")])
        {
            Id = row => $"{row.Number(0)}:{row.Number(1)}",
        },
        new("moved_issues", "movedIssues", 1,
        [
            Int("id", "_id"), Int32("project_id", "project"), Int("move_id", "move"), Int32("state"), Int("resolved_at", "resolvedAt", CopiedNull.Missing),
            Text("resolved_in", "resolvedIn", CopiedNull.Missing), Text("regressed_in", "regressedIn", CopiedNull.Missing), Text("standing", "standing", CopiedNull.Missing),
        ]),
        new("releases", ErrorCollections.ReleasesName, 2,
        [
            Int32("project_id", "project"), Text("version"), Int("first_received", "firstReceived", CopiedNull.Missing), Int("last_received", "lastReceived", CopiedNull.Missing),
            Int("events"), Int("told_at", "toldAt", CopiedNull.Missing), Int("released_at", "releasedAt", CopiedNull.Missing), Int("place", "place", CopiedNull.Missing),
        ])
        {
            Id = row => ReleaseNames.IdOf((int)row.Number(0), row.Text(1)),
        },
        new("fingerprint_releases", ErrorCollections.FingerprintReleasesName, 2,
            [Int("fingerprint_id", "f"), Text("release"), Int("count"), Int("first_received", "firstReceived"), Int("last_received", "lastReceived")])
        {
            Id = row => $"{row.Number(0)}:{row.Text(1)}",
        },
        new("progress", "progress", 1, [Text("name", "_id"), new("value", "value", CopiedKind.Json)]),
        new("feedback", "feedback", 3,
        [
            Int32("project_id", "project"), Text("event_id", "event"), Text("id"), Int("at"), Int("fingerprint_id", "f", CopiedNull.Missing),
            Text("name", "name", CopiedNull.Missing), Text("email", "email", CopiedNull.Missing), Text("message"),
        ])
        {
            Id = row => FeedbackBook.IdOf((int)row.Number(0), row.Text(1), row.Text(2)),
        },
    ];

    public static readonly IReadOnlyList<CopiedTable> Config =
    [
        new("projects", "projects", 1,
        [
            Int32("id", "_id"), Text("name"), Int32("events_per_minute", "eventsPerMinute", CopiedNull.Missing), Int("created_at", "createdAt"),
            new("policy", "policy", CopiedKind.Bytes) { Null = CopiedNull.Missing }, Text("user_salt", "salt"),
            Text("short_name", "shortName", CopiedNull.Missing), new("links", "links", CopiedKind.Bytes) { Null = CopiedNull.Missing },
            new("origins", "origins", CopiedKind.Lines)
            {
                Expression = "coalesce((SELECT group_concat(origin, char(10)) FROM (SELECT origin FROM project_origins o WHERE o.project_id = projects.id ORDER BY position)), '')",
            },
        ])
        {
            Counter = "projects", Numbered = "id",
        },
        new("project_keys", "projectKeys", 1, [Int("id", "number"), Text("key", "_id"), Int32("project_id", "project"), Int("created_at", "createdAt"), Int("revoked_at", "revokedAt", CopiedNull.Written)])
        {
            Counter = "keys", Numbered = "id",
        },
        new("users", "users", 1, [Int("id", "number"), Text("email"), Text("password_hash", "passwordHash"), Text("security_stamp", "stamp"), Int("created_at", "createdAt")])
        {
            Id = row => MongoConfigStore.EmailKey(row.Text(1)), Counter = "users", Numbered = "id",
        },
        new("release_commits", "releaseCommits", 2, [Int32("project_id", "project"), Text("release"), Int("told_at", "toldAt"), Bytes("body")])
        {
            Id = row => MongoProjectLinks.IdOf((int)row.Number(0), row.Text(1)),
        },
        new("outbox", "outbox", 1, [Int("position"), Text("id", "_id"), Bytes("command")]) { Counter = "outbox", Numbered = "position" },
        new("searches", "searches", 1,
            [Int("id", "n"), Int("user_id", "user"), Int("project_id", "project", CopiedNull.Missing), Text("name"), Text("query"), Bool("shared")])
        {
            Id = row => MongoSearches.IdOf(row.Number(1), row.Text(3)), Counter = "searches", Numbered = "id",
        },
        new("upload_tokens", "uploadTokens", 1,
            [Text("id", "_id"), Int32("project_id", "project"), Text("name"), Bytes("hash"), Int("created_at", "createdAt"), Int("last_used_at", "lastUsedAt", CopiedNull.Zero)]),
        new("api_tokens", "apiTokens", 1,
        [
            Text("id", "_id"), Int("user_id", "user"), Text("name"), Bytes("hash"), Text("scope"), Int("created_at", "createdAt"), Int("expires_at", "expiresAt", CopiedNull.Written),
            Int("last_used_at", "lastUsedAt", CopiedNull.Zero),
        ]),
        new("erasures", "erasures", 1,
        [
            Text("id", "_id"), Int32("project_id", "project"), Text("hash"), Text("kind"), Int("at"), Text("by", "by", CopiedNull.Written), Int("events"), Int("letters"),
            Int("done_at", "doneAt", CopiedNull.Written),
        ]),
    ];

    public static readonly IReadOnlyList<CopiedTable> Artifacts =
    [
        new(Blobs, "blobs", 1, [Text("hash", "_id"), Int("size"), Bytes("content", "content"), Int("packed")]) { Batch = 4 },
        new("artifacts", "artifacts", 1,
        [
            Int("id", "_id"), Int32("project_id", "project"), Text("release"), Text("url"), Text("name"), Int32("kind"), Text("debug_id", "debugId", CopiedNull.Written),
            Text("map_url", "mapUrl", CopiedNull.Written), Text("hash"), Int("uploaded_at", "at"), Text("dist"), Text("problem", "problem", CopiedNull.Written),
            new("size", "size", CopiedKind.Int64) { Expression = "(SELECT b.size FROM blobs b WHERE b.hash = artifacts.hash)" },
        ])
        {
            Numbered = "id", Besides = (w, row) => w.Int64("upload"u8, row.Number(0)),
        },
    ];

    /// <summary>Their content is in chunks of its own in MongoDB.</summary>
    public const string Blobs = "blobs";

    private static CopiedColumn Int(string sql, string? field = null, CopiedNull none = CopiedNull.Never) => new(sql, field ?? sql, CopiedKind.Int64) { Null = none };

    private static CopiedColumn Int32(string sql, string? field = null, CopiedNull none = CopiedNull.Never) => new(sql, field ?? sql, CopiedKind.Int32) { Null = none };

    private static CopiedColumn Bool(string sql, string? field = null) => new(sql, field ?? sql, CopiedKind.Bool);

    private static CopiedColumn Text(string sql, string? field = null, CopiedNull none = CopiedNull.Never) => new(sql, field ?? sql, CopiedKind.Text) { Null = none };

    private static CopiedColumn Bytes(string sql, string? field = null) => new(sql, field ?? sql, CopiedKind.Bytes);
}
