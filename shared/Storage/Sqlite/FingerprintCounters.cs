using ErrorPipeline.Shared.Contracts;

namespace ErrorPipeline.Shared.Storage.Sqlite;

internal sealed record FingerprintRow(long Id, long IssueId, long Users, long Samples, long LastReceived, string Title);

/// <summary>The counters of fingerprints: documents that only ever grow, whatever issue they are mapped to.</summary>
internal sealed class FingerprintCounters(SqliteSession session, SqliteErrorStoreOptions options)
{
    private const int LongestValue = 1000;

    private readonly SampleShelf _samples = new(session, options.SamplesPerFingerprint);
    private readonly FacetCounter _facets = new(session, options.ValuesPerFacet, options.FacetRows);
    private readonly UserCounter _users = new(session, options.ExactUsers);

    public FingerprintRow? Find(FingerprintKey key) => session.First(
        """
        SELECT id, issue_id, users, samples, last_received, title FROM fingerprints
        WHERE project_id = ?1 AND version = ?2 AND fingerprint = ?3
        """,
        row => new FingerprintRow(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4), row.GetString(5)),
        key.ProjectId, key.Version, key.Fingerprint);

    public FingerprintRow Create(FingerprintKey key, IssueDelta delta, long issue)
    {
        var id = session.Insert(
            """
            INSERT INTO fingerprints (project_id, version, fingerprint, issue_id, tokens, title, culprit, level, class,
                count, users, samples, first_seen, last_seen, last_received, notes)
            VALUES (?1, ?2, ?3, ?4, ?5, '', '', '', '', 0, 0, 0, ?6, ?7, ?8, ?9)
            """,
            key.ProjectId, key.Version, key.Fingerprint, issue, StoredJson.WriteTokens(delta.Grouping.Tokens ?? []),
            delta.FirstSeen, delta.LastSeen, long.MinValue, delta.Grouping.Notes is { } notes ? StoredJson.WriteTokens(notes) : null);
        return new(id, issue, 0, 0, long.MinValue, "");
    }

    /// <summary>True where the words that search finds it by have changed.</summary>
    public bool Add(FingerprintRow row, IssueDelta delta, bool isNew)
    {
        var users = _users.Add(row.Id, row.Users, delta.Users);
        var (samples, novel) = _samples.Add(row.Id, row.Samples, delta);
        var title = StoreText.Clean(delta.Title, LongestValue);
        const string Counted =
            """
            UPDATE fingerprints SET count = count + ?2, users = ?3, samples = ?4, first_seen = min(first_seen, ?5),
                last_seen = max(last_seen, ?6), last_received = max(last_received, ?7)
            """;
        if (delta.LastReceived >= row.LastReceived)
            session.Execute(
                Counted + ", title = ?8, culprit = ?9, level = ?10, class = ?11 WHERE id = ?1",
                row.Id, delta.Count, users, samples, delta.FirstSeen, delta.LastSeen, delta.LastReceived,
                title, StoreText.Clean(delta.Culprit, LongestValue), StoreText.Clean(delta.Level, 50), StoreText.Clean(delta.Class, 50));
        else
            session.Execute(Counted + " WHERE id = ?1", row.Id, delta.Count, users, samples, delta.FirstSeen, delta.LastSeen, delta.LastReceived);
        AddHours(row.Id, delta);
        _facets.Begin(isNew ? row.Id : null);
        AddFacets(row.Id, delta);
        return ((isNew || novel.Count > 0 || title != row.Title) && SearchIndex.AddWords(session, row.Id, delta, novel)) || _facets.HasGrown;
    }

    private void AddHours(long id, IssueDelta delta)
    {
        foreach (var hour in delta.Hours)
            session.Execute(
                """
                INSERT INTO hours (fingerprint_id, hour, environment, count) VALUES (?1, ?2, ?3, ?4)
                ON CONFLICT DO UPDATE SET count = count + excluded.count
                """,
                id, hour.Hour, StoreText.Clean(hour.Environment, LongestValue), hour.Count);
    }

    private void AddFacets(long id, IssueDelta delta)
    {
        foreach (var facet in delta.Facets)
        {
            var value = _facets.Add(id, StoreText.Clean(facet.Dimension, 200), StoreText.Clean(facet.Value, LongestValue), facet.Count);
            if (facet.Dimension == "environment")
                session.Execute(
                    """
                    INSERT INTO environments (project_id, environment, count) VALUES (?1, ?2, ?3)
                    ON CONFLICT DO UPDATE SET count = count + excluded.count
                    """,
                    delta.ProjectId, value, facet.Count);
        }
    }
}
