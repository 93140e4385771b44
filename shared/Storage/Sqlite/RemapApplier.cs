using System.Text.Json;
using ErrorPipeline.Shared.Contracts;

namespace ErrorPipeline.Shared.Storage.Sqlite;

/// <summary>Late source maps: samples are replaced, and whole fingerprints find the issue that their error has under its new name.</summary>
internal sealed class RemapApplier(SqliteSession session)
{
    private readonly AliasBook _aliases = new(session);
    private readonly Dictionary<long, IssueChange> _changed = [];

    public static UnmappedGroup? Next(SqliteSession session, int project, string? release, string? place)
    {
        var after = long.TryParse(place, out var told) ? told : 0;
        var next = session.Scalar(
            $"SELECT fingerprint_id FROM samples INDEXED BY samples_unmapped WHERE {Unmapped} AND fingerprint_id > ?3 ORDER BY fingerprint_id LIMIT 1",
            project, release, after);
        if (next is not long fingerprint)
            return null;
        var samples = session.Query(
            $"SELECT body FROM samples INDEXED BY samples_unmapped WHERE {Unmapped} AND fingerprint_id = ?3",
            row => StoredJson.ReadSample(row.GetBytes(0)), project, release, fingerprint);
        var grouping = session.First(
            "SELECT version, fingerprint, tokens, notes FROM fingerprints WHERE id = ?1", ErrorQueries.ReadGrouping, fingerprint);
        return new($"{fingerprint}", grouping ?? new("", "", []), samples);
    }

    public static long Count(SqliteSession session, int project, string? release) =>
        session.Number($"SELECT count(*) FROM samples INDEXED BY samples_unmapped WHERE {Unmapped}", project, release);

    public Applied Apply(RemapStep step)
    {
        foreach (var group in step.Samples
            .Select(sample => (Sample: sample, Row: Find(sample)))
            .Where(found => found.Row is not null)
            .GroupBy(found => found.Row!.Fingerprint))
        {
            Repair(group.Key, [.. group.Select(found => (found.Sample, found.Row!.Id))]);
        }

        session.Execute(
            "INSERT INTO progress (name, value) VALUES ('remap', ?1) ON CONFLICT DO UPDATE SET value = excluded.value",
            JsonSerializer.Serialize(step.Progress, ContractsJson.Default.RemapProgress));
        return new([.. _changed.Values], []);
    }

    private const string Unmapped = "project_id = ?1 AND unmapped = 1 AND (?2 IS NULL OR release = ?2)";

    private void Repair(long fingerprint, IReadOnlyList<(RemappedSample Sample, long Id)> samples)
    {
        var project = samples[0].Sample.ProjectId;
        foreach (var (sample, id) in samples)
            session.Execute(
                "UPDATE samples SET body = ?2, unmapped = ?3 WHERE id = ?1",
                id, StoredJson.WriteSample(sample.Sample), UnmappedFrames.Any(sample.Sample.Error) ? 1 : 0);
        var newest = samples.MaxBy(s => s.Sample.Sample.Occurrence.At).Sample;
        if (session.Number("SELECT max(at) FROM samples WHERE fingerprint_id = ?1", fingerprint) <= newest.Sample.Occurrence.At)
            session.Execute("UPDATE fingerprints SET culprit = ?2 WHERE id = ?1", fingerprint, StoreText.Clean(newest.Culprit, 1000));
        SearchIndex.AddSamples(session, fingerprint, newest.Culprit, [.. samples.Select(s => s.Sample.Sample)]);
        Regroup(project, fingerprint, [.. samples.Select(s => s.Sample.Grouping)]);

        var issue = session.Number("SELECT issue_id FROM fingerprints WHERE id = ?1", fingerprint);
        new IssueTotals(session).Derive(issue);
        SearchIndex.Write(session, issue);
        _changed[issue] = new(project, issue, IsNew: false);
    }

    /// <summary>
    /// What such events are grouped by from now on leads here, where it is not known yet. Where most of the samples turn out to be
    /// an error that has an issue already, the two issues are one: the newer goes into the older.
    /// </summary>
    private void Regroup(int project, long fingerprint, IReadOnlyList<Grouping> groupings)
    {
        var own = session.Number("SELECT issue_id FROM fingerprints WHERE id = ?1", fingerprint);
        var votes = new Dictionary<long, int>();
        foreach (var grouping in groupings)
        {
            var (version, name) = (StoreText.Clean(grouping.Version, 50), StoreText.Clean(grouping.Fingerprint, 200));
            var known = (long?)session.Scalar(
                "SELECT issue_id FROM fingerprints WHERE project_id = ?1 AND version = ?2 AND fingerprint = ?3", project, version, name);
            if (known is null)
                _aliases.Add(fingerprint, project, new GroupingAlias(version, name, Mapped: true));
            votes[known ?? own] = votes.GetValueOrDefault(known ?? own) + 1;
        }

        var other = votes.OrderByDescending(vote => vote.Value).ThenBy(vote => vote.Key == own ? 0 : 1).First().Key;
        if (other == own)
            return;
        var map = new IssueMap(session);
        var received = session.Number("SELECT max(last_received) FROM fingerprints WHERE id = ?1", fingerprint);
        map.Merge(project, Math.Min(own, other), [Math.Max(own, other)], received, IssueMove.ByMaps, by: null);
        foreach (var issue in map.Finish(project))
            _changed[issue] = new(project, issue, IsNew: false);
    }

    private Stored? Find(RemappedSample sample) => session.First(
        "SELECT id, fingerprint_id FROM samples WHERE project_id = ?1 AND event_id = ?2",
        row => new Stored(row.GetInt64(0), row.GetInt64(1)), sample.ProjectId, StoreText.Clean(sample.Sample.EventId, 100));

    private sealed record Stored(long Id, long Fingerprint);
}
