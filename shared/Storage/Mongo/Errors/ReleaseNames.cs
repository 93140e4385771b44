using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Storage.Mongo.Bson;

namespace ErrorPipeline.Shared.Storage.Mongo.Errors;

/// <summary>The releases of projects and fingerprints, and what they say of issues that were resolved.</summary>
internal sealed class ReleaseNames(ErrorCollections errors, FingerprintBook fingerprints)
{
    private const int MostPerProject = 5_000;
    private const int MostPerFingerprint = 200;

    /// <summary>Of several deltas in a few steps. The fingerprints that were not seen in one of the releases before.</summary>
    public HashSet<long> Count(GuardedCounts counts, IReadOnlyCollection<CountedDelta> counted)
    {
        var told = counted.SelectMany(one => DeltaReleases.Of(one.Delta).Select(release => (one.Fingerprint, Release: release, Id: $"{one.Fingerprint.Number}:{release.Release}"))).ToList();
        var places = Places(told.Where(one => one.Release.Release.Length > 0).Select(one => (one.Fingerprint.Project, one.Release)));
        var known = errors.FingerprintReleases.Known([.. told.Select(one => one.Id).Distinct(StringComparer.Ordinal)]);
        foreach (var (fingerprint, release, id) in told)
        {
            if (places.Contains(IdOf(fingerprint.Project, release.Release)))
                counts.Of(ErrorCollections.ReleasesName, IdOf(fingerprint.Project, release.Release), Fields(fingerprint.Project, release.Release))
                    .Add("events", release.Count).Least("firstReceived", release.FirstReceived).Most("lastReceived", release.LastReceived);
            counts.Of(ErrorCollections.FingerprintReleasesName, id, w =>
            {
                w.Int64("f"u8, fingerprint.Number);
                w.String("release"u8, release.Release);
            }).Add("count", release.Count).Least("firstReceived", release.FirstReceived).Most("lastReceived", release.LastReceived);
        }

        return [.. told.Where(one => !known.Contains(one.Id)).Select(one => one.Fingerprint.Number)];
    }

    /// <summary>After they were counted.</summary>
    /// <param name="counted">Deltas and their fingerprints.</param>
    /// <param name="grown">Fingerprints that may have more releases than before.</param>
    public void Note(IReadOnlyCollection<CountedDelta> counted, IReadOnlyCollection<long> grown)
    {
        var told = counted.SelectMany(one => DeltaReleases.Of(one.Delta).Where(release => release.Release.Length > 0).Select(release => (one.Fingerprint.Number, Release: release))).ToList();
        errors.Fingerprints.UpdateAll(
            told,
            (w, one) =>
            {
                w.Int64("n"u8, one.Number);
                using var first = w.Document("firstReleaseAt"u8);
                using var not = w.Document("$not"u8);
                w.Int64("$lte"u8, one.Release.FirstReceived);
            },
            (w, one) => w.Set(fields =>
            {
                fields.String("firstRelease"u8, one.Release.Release);
                fields.Int64("firstReleaseAt"u8, one.Release.FirstReceived);
            }));
        Trim(grown);
    }

    /// <summary>Reopens a resolved issue where its events tell that the fix does not hold; otherwise how many of each delta are draining.</summary>
    public IReadOnlyDictionary<CountedDelta, long> Judge(IReadOnlyCollection<CountedDelta> counted)
    {
        var old = counted.Where(one => !one.IsNew).ToList();
        var resolved = Resolved([.. old.Select(one => one.Fingerprint.Issue).Distinct()]);
        var draining = new Dictionary<CountedDelta, long>();
        foreach (var one in old)
        {
            if (!resolved.TryGetValue(one.Fingerprint.Issue, out var fix))
                continue;
            var later = DeltaReleases.Of(one.Delta).Where(r => r.LastReceived > fix.At).ToList();
            if (later.Count == 0)
                continue;
            if (Reopens(one.Fingerprint.Project, one.Fingerprint.Issue, fix, later))
                resolved.Remove(one.Fingerprint.Issue);
            else
                draining[one] = later.Sum(r => r.Count);
        }

        return draining;
    }

    /// <summary>The same for what is stored already: the stream of commands and the lanes are not in one order, and maps change.</summary>
    public void Recheck(int project, long issue)
    {
        if (!Resolved([issue]).TryGetValue(issue, out var resolved))
            return;
        var later = errors.FingerprintReleases.Query(
            w =>
            {
                w.In("f"u8, fingerprints.OfIssue(issue).Select(fingerprint => fingerprint.Number));
                w.Compare("lastReceived"u8, "$gt"u8, resolved.At);
            },
            found => new ReleaseCount(found["release"u8].String(), found["count"u8].Int64(), found["firstReceived"u8].Int64(), found["lastReceived"u8].Int64()));
        Reopens(project, issue, resolved, later);
    }

    /// <summary>The release that a resolve is for: the one named, which is known from then on, or the newest.</summary>
    public string? ForResolve(int project, string? named, long at)
    {
        if (string.IsNullOrWhiteSpace(named))
            return ReleaseOrder.Newest(All(project).Select(release => release.Known))?.Version;
        var version = StoreText.Clean(named.Trim(), DeltaReleases.LongestName);
        Tell(project, version, null, null, at);
        return version;
    }

    public void Tell(int project, string version, long? releasedAt, long? order, long at)
    {
        var name = StoreText.Clean(version.Trim(), DeltaReleases.LongestName);
        MakePlace(project, name, firstReceived: null);
        errors.Releases.Update(
            w =>
            {
                w.String("_id"u8, IdOf(project, name));
                w.Exists("toldAt"u8, false);
            },
            w => w.Set(fields => fields.Int64("toldAt"u8, at)));
        if (releasedAt is null && order is null)
            return;
        errors.Releases.Update(BsonQuery.Id(IdOf(project, name)), w => w.Set(fields =>
        {
            if (releasedAt is { } released)
                fields.Int64("releasedAt"u8, released);
            if (order is { } place)
                fields.Int64("place"u8, place);
        }));
    }

    public IReadOnlyList<(KnownRelease Known, ReleaseRow Row)> All(int project) =>
        errors.Releases.Query(w => w.Int32("project"u8, project), Read);

    private bool Reopens(int project, long issue, Resolve resolved, IReadOnlyList<ReleaseCount> later)
    {
        if (Reopening.Of(resolved.Release, later, version => Known(project, version)) is not var (what, release, at))
            return false;
        // First the history: who repeats this finds the issue open, and would not come here again.
        new IssueBook(errors).Tell(issue, $"{what}:{at}", at, what, by: null, release);
        errors.Issues.Update(BsonQuery.Id(issue), w =>
        {
            w.Set(fields =>
            {
                fields.Int32("state"u8, (int)IssueState.Open);
                fields.Bool("regressed"u8, release is not null);
                if (release is not null)
                    fields.String("regressedIn"u8, release);
            });
            using var unset = w.Document("$unset"u8);
            w.Bool("resolvedAt"u8, true);
            w.Bool("resolvedIn"u8, true);
            w.Bool("resolvedNext"u8, true);
            w.Bool("changedBy"u8, true);
        });
        return true;
    }

    /// <summary>Those of the releases that have their place, with those that get it now.</summary>
    private HashSet<string> Places(IEnumerable<(int Project, ReleaseCount Release)> wanted)
    {
        var all = wanted.DistinctBy(one => IdOf(one.Project, one.Release.Release), StringComparer.Ordinal).ToList();
        var known = errors.Releases.Known([.. all.Select(one => IdOf(one.Project, one.Release.Release))]);
        foreach (var missing in all.Where(one => !known.Contains(IdOf(one.Project, one.Release.Release))).GroupBy(one => one.Project).ToList())
        {
            var room = MostPerProject - errors.Releases.Count(w => w.Int32("project"u8, missing.Key), MostPerProject);
            foreach (var (project, release) in missing.Take((int)room))
            {
                MakePlace(project, release.Release, release.FirstReceived);
                known.Add(IdOf(project, release.Release));
            }
        }

        return known;
    }

    private void Trim(IReadOnlyCollection<long> fingerprints)
    {
        if (fingerprints.Count == 0)
            return;
        foreach (var (fingerprint, _) in errors.FingerprintReleases.CountBy(w => w.In("f"u8, fingerprints), "f", number => number.Int64()).Where(one => one.Value > MostPerFingerprint))
        {
            var surplus = errors.FingerprintReleases.Query(
                BsonQuery.Number("f", fingerprint), found => found["_id"u8].String(), BsonQuery.Sorted(0, ("lastReceived", -1))).Skip(MostPerFingerprint).ToList();
            errors.FingerprintReleases.Delete(w => w.In("_id"u8, surplus));
        }
    }

    private void MakePlace(int project, string release, long? firstReceived)
    {
        errors.Releases.Insert(w =>
        {
            w.String("_id"u8, IdOf(project, release));
            Fields(project, release)(w);
            w.Int64("events"u8, 0);
            if (firstReceived is { } first)
                w.Int64("firstReceived"u8, first);
        });
    }

    private Dictionary<long, Resolve> Resolved(IReadOnlyCollection<long> issues) => issues.Count == 0 ? [] : errors.Issues.Query(
        w =>
        {
            w.In("_id"u8, issues);
            w.Int32("state"u8, (int)IssueState.Resolved);
        },
        found => (Issue: found["_id"u8].Int64(), Resolve: new Resolve(found["resolvedAt"u8].Int64(), found.StringOrNull("resolvedIn"u8)))).ToDictionary(one => one.Issue, one => one.Resolve);

    private KnownRelease? Known(int project, string version) => errors.Releases.First(BsonQuery.Id(IdOf(project, version)), found => Read(found).Known);

    private static (KnownRelease Known, ReleaseRow Row) Read(BsonView found)
    {
        var row = new ReleaseRow(
            found["version"u8].String(), found.Int64OrNull("firstReceived"u8), found.Int64OrNull("lastReceived"u8), found["events"u8].Int64(),
            found.Int64OrNull("releasedAt"u8), found.Int64OrNull("place"u8), 0, 0);
        return (new(row.Version, row.Order, row.ReleasedAt ?? row.FirstReceived ?? found.Int64OrNull("toldAt"u8) ?? 0), row);
    }

    private static Action<BsonWriter> Fields(int project, string release) => w =>
    {
        w.Int32("project"u8, project);
        w.String("version"u8, release);
    };

    internal static string IdOf(int project, string release) => $"{project}:{release}";

    private sealed record Resolve(long At, string? Release);
}
