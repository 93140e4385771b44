using System.Text.Json;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Storage.Mongo.Bson;

namespace ErrorPipeline.Shared.Storage.Mongo.Errors;

/// <summary>Late source maps: samples are replaced, and whole fingerprints find the issue that their error has under its new name.</summary>
internal sealed class Remap(ErrorCollections errors)
{
    private const string Job = "remap";

    private readonly FingerprintBook _fingerprints = new(errors);
    private readonly IssueBook _issues = new(errors);
    private readonly Dictionary<long, IssueChange> _changed = [];

    public static RemapProgress? Progress(ErrorCollections errors) => errors.Progress.First(
        BsonQuery.Id(Job), found => JsonSerializer.Deserialize(found["value"u8].Binary(), ContractsJson.Default.RemapProgress)!);

    public UnmappedGroup? Next(int project, string? release, string? place)
    {
        var after = long.TryParse(place, out var told) ? told : 0;
        var next = errors.Events.Query(
            w =>
            {
                Unmapped(w, project, release);
                w.Compare("f"u8, "$gt"u8, after);
            },
            found => found["f"u8].Int64(), BsonQuery.Sorted(1, ("f", 1)));
        if (next is not [var fingerprint])
            return null;
        var samples = errors.Events.Query(
            w =>
            {
                Unmapped(w, project, release);
                w.Int64("f"u8, fingerprint);
            },
            found => StoredJson.ReadSample(found["body"u8].Binary().ToArray()));
        var grouping = errors.Fingerprints.First(BsonQuery.Number("n", fingerprint), FingerprintDocument.ReadGrouping);
        return new($"{fingerprint}", grouping ?? new("", "", []), samples);
    }

    public long Count(int project, string? release) => errors.Events.Count(w => Unmapped(w, project, release));

    public Applied Apply(RemapStep step)
    {
        foreach (var group in step.Samples
            .Select(sample => (Sample: sample, Fingerprint: FingerprintOf(sample)))
            .Where(found => found.Fingerprint is not null)
            .GroupBy(found => found.Fingerprint!.Value))
        {
            Repair(group.Key, [.. group.Select(found => found.Sample)]);
        }

        errors.Progress.Update(
            BsonQuery.Id(Job), w => w.Set(fields => fields.Binary("value"u8, JsonSerializer.SerializeToUtf8Bytes(step.Progress, ContractsJson.Default.RemapProgress))), upsert: true);
        return new([.. _changed.Values], []);
    }

    private void Repair(long number, IReadOnlyList<RemappedSample> samples)
    {
        var project = samples[0].ProjectId;
        foreach (var sample in samples)
            errors.Events.Update(BsonQuery.Id(SampleBook.IdOf(sample.ProjectId, sample.Sample.EventId)), w => w.Set(fields =>
            {
                fields.Binary("body"u8, StoredJson.WriteSample(sample.Sample));
                fields.Bool("unmapped"u8, UnmappedFrames.Any(sample.Sample.Error));
            }));
        var newest = samples.MaxBy(sample => sample.Sample.Occurrence.At)!;
        var last = errors.Events.Query(BsonQuery.Number("f", number), found => found["at"u8].Int64(), BsonQuery.Sorted(1, ("at", -1))).FirstOrDefault();
        if (last <= newest.Sample.Occurrence.At)
            errors.Fingerprints.Update(BsonQuery.Number("n", number), w => w.Set(fields => fields.String("culprit"u8, StoreText.Clean(newest.Culprit, 1000))));
        new WordBook(errors).AddSamples(number, newest.Culprit, [.. samples.Select(sample => sample.Sample)]);
        Regroup(project, number, [.. samples.Select(sample => sample.Grouping)]);

        if (_fingerprints.Find(number) is not { } fingerprint)
            return;
        _issues.Derive(fingerprint.Issue, words: true);
        _changed[fingerprint.Issue] = new(project, fingerprint.Issue, IsNew: false);
    }

    /// <summary>
    /// What such events are grouped by from now on leads here, where it is not known yet. Where most of the samples turn out to be
    /// an error that has an issue already, the two issues are one: the newer goes into the older.
    /// </summary>
    private void Regroup(int project, long number, IReadOnlyList<Grouping> groupings)
    {
        if (_fingerprints.Find(number) is not { } mine)
            return;
        var names = new AliasNames(errors);
        var votes = new Dictionary<long, int>();
        foreach (var grouping in groupings)
        {
            var (version, name) = (StoreText.Clean(grouping.Version, 50), StoreText.Clean(grouping.Fingerprint, 200));
            var known = _fingerprints.Find(new FingerprintKey(project, version, name))?.Issue;
            if (known is null)
                names.Add(number, project, new GroupingAlias(version, name, Mapped: true));
            votes[known ?? mine.Issue] = votes.GetValueOrDefault(known ?? mine.Issue) + 1;
        }

        var other = votes.OrderByDescending(vote => vote.Value).ThenBy(vote => vote.Key == mine.Issue ? 0 : 1).First().Key;
        if (other == mine.Issue)
            return;
        var (older, newer) = (Math.Min(mine.Issue, other), Math.Max(mine.Issue, other));
        var map = new IssueMap(errors, $"maps:{older}:{newer}:{mine.LastReceived}");
        map.Merge(project, older, [newer], mine.LastReceived, IssueMove.ByMaps, by: null);
        foreach (var issue in map.Finish(project))
            _changed[issue] = new(project, issue, IsNew: false);
    }

    private long? FingerprintOf(RemappedSample sample) => errors.Events.Query(
        BsonQuery.Id(SampleBook.IdOf(sample.ProjectId, sample.Sample.EventId)), found => (long?)found["f"u8].Int64()).FirstOrDefault();

    private static void Unmapped(BsonWriter w, int project, string? release)
    {
        w.Int32("project"u8, project);
        w.Bool("unmapped"u8, true);
        if (release is not null)
            w.String("release"u8, release);
    }
}
