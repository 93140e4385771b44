using ErrorPipeline.Shared.Storage.Mongo.Bson;

namespace ErrorPipeline.Shared.Storage.Mongo.Errors;

/// <summary>
/// One short step of retention. The steps' order: what is deleted already, what is too old, what is too many, what is too big. A step tells
/// what went; when nothing did, all is done.
/// </summary>
internal sealed class Purge(ErrorCollections errors, RetentionPolicy policy, DateTimeOffset now)
{
    private const int StepDocuments = 500;

    private readonly long _cutoff = (now - policy.MaxAge).ToUnixTimeMilliseconds();

    public bool IsDone { get; private set; }

    public Purged Step()
    {
        if (Sweep())
            return new(0, 0, 0);
        if (Evict(OldSamples()) is > 0 and var samples)
            return new(samples, 0, 0);
        if (OldHours() is > 0 and var hours)
            return new(0, hours, 0);
        if (Evict(TooMany(policy.SamplesPerIssue)) is > 0 and var surplus)
            return new(surplus, 0, 0);
        if (OfProjects() is > 0 and var own)
            return new(own, 0, 0);
        var receipts = new ReceiptBook(errors);
        if (receipts.Purge(policy, now) + receipts.Merge() + receipts.Divide(now) + OldOutcomes() + OldTallies() + OldWeeks() + OldFeedback() + OldTombstones() + OldUndo() + EmptyIssues() > 0)
            return new(0, 0, 0);
        if (policy.MaxBytes > 0 && Bytes(errors) > policy.MaxBytes && Evict(Oldest(200)) is > 0 and var evicted)
            return new(evicted, 0, 0);
        IsDone = true;
        return new(0, 0, 0);
    }

    /// <summary>Of samples and receipts, which are most of what is stored, as kept.</summary>
    public static long Bytes(ErrorCollections errors) => ErrorQueries.Sum(errors.Session, "events", "size") + new ReceiptBook(errors).Window().Bytes;

    private bool Sweep()
    {
        if (errors.Garbage.Query(_ => { }, found => found["_id"u8].Int64(), BsonQuery.Sorted(1)) is not [var fingerprint])
            return false;
        errors.Hours.Delete(BsonQuery.Number("f", fingerprint));
        errors.Facets.Delete(BsonQuery.Number("f", fingerprint));
        errors.Users.Delete(BsonQuery.Number("f", fingerprint));
        errors.FingerprintReleases.Delete(BsonQuery.Number("f", fingerprint));
        errors.Sketches.Delete(BsonQuery.Id(fingerprint));
        errors.Garbage.Delete(BsonQuery.Id(fingerprint));
        return true;
    }

    private List<Sample> OldSamples() => Samples(w => w.Compare("receivedAt"u8, "$lt"u8, _cutoff), BsonQuery.Sorted(StepDocuments, ("receivedAt", 1)));

    private List<Sample> Oldest(int number) => Samples(_ => { }, BsonQuery.Sorted(number, ("receivedAt", 1)));

    private long OldHours() => errors.Hours.Delete(w => w.Compare("hour"u8, "$lt"u8, _cutoff / 3_600_000));

    /// <summary>Projects that keep less than the installation.</summary>
    private long OfProjects()
    {
        foreach (var own in policy.Projects)
        {
            if (own.Days is { } days && OldOf(own.ProjectId, (now - TimeSpan.FromDays(days)).ToUnixTimeMilliseconds()) is > 0 and var old)
                return old;
            if (own.SamplesPerIssue is { } most && Evict(TooMany(most, own.ProjectId)) is > 0 and var surplus)
                return surplus;
        }

        return 0;
    }

    private long OldOf(int project, long cutoff)
    {
        var samples = Samples(
            w =>
            {
                w.Int32("project"u8, project);
                w.Compare("receivedAt"u8, "$lt"u8, cutoff);
            },
            BsonQuery.Sorted(StepDocuments, ("receivedAt", 1)));
        return Evict(samples) + errors.Feedback.Delete(w =>
        {
            w.Int32("project"u8, project);
            w.Compare("at"u8, "$lt"u8, cutoff);
        });
    }

    /// <summary>After a merge or a smaller limit an issue can have more samples than it may keep.</summary>
    private List<Sample> TooMany(int most, int? project = null)
    {
        while (FindTooMany(most, project) is { } issue)
        {
            var numbers = new FingerprintBook(errors).OfIssue(issue).Select(fingerprint => fingerprint.Number).ToList();
            var samples = Samples(w => w.In("f"u8, numbers), BsonQuery.Sorted(0, ("receivedAt", -1)));
            if (samples.Count > most)
            {
                return
                [
                    .. samples.GroupBy(sample => sample.Novelty).SelectMany(kind => kind.Select((sample, rank) => (sample, rank)))
                        .OrderByDescending(ranked => ranked.rank).ThenBy(ranked => ranked.sample.ReceivedAt)
                        .Take(Math.Min(StepDocuments, samples.Count - most)).Select(ranked => ranked.sample),
                ];
            }

            // The server has expired some by itself: nobody has counted them anew.
            var book = new SampleBook(errors, 0);
            foreach (var number in numbers)
                book.SetNumber(number, samples.Count(sample => sample.Fingerprint == number));
        }

        return [];
    }

    private long? FindTooMany(int most, int? project)
    {
        using var pipeline = new BsonWriter();
        using (pipeline.Array("pipeline"u8))
        {
            using (pipeline.Document(default))
            using (pipeline.Document("$match"u8))
            {
                pipeline.Compare("samples"u8, "$gt"u8, 0);
                if (project is { } only)
                    pipeline.Int32("project"u8, only);
            }

            using (pipeline.Document(default))
            using (pipeline.Document("$group"u8))
            {
                pipeline.String("_id"u8, "$issue"u8);
                using var sum = pipeline.Document("samples"u8);
                pipeline.String("$sum"u8, "$samples"u8);
            }

            using (pipeline.Document(default))
            using (pipeline.Document("$match"u8))
                pipeline.Compare("samples"u8, "$gt"u8, most);
            using (pipeline.Document(default))
                pipeline.Int32("$limit"u8, 1);
        }

        using var cursor = errors.Session.Aggregate(ErrorCollections.FingerprintsName, pipeline);
        return cursor.Next(out var found) ? found["_id"u8].Int64() : null;
    }

    private long Evict(List<Sample> samples)
    {
        if (samples.Count == 0)
            return 0;
        errors.Events.Delete(w => w.In("_id"u8, samples.Select(sample => sample.Id)));
        var book = new SampleBook(errors, 0);
        foreach (var fingerprint in samples.Select(sample => sample.Fingerprint).Distinct())
            book.SetNumber(fingerprint, errors.Events.Count(BsonQuery.Number("f", fingerprint)));
        return samples.Count;
    }

    private long OldOutcomes() => errors.Outcomes.Delete(w => w.Compare("minute"u8, "$lt"u8, _cutoff / 60_000));

    private long OldTallies() => errors.Tallies.Delete(w => w.Compare("quarter"u8, "$lt"u8, Tallies.QuarterOf(_cutoff)));

    private long OldWeeks() =>
        errors.ProjectFacets.Delete(w => w.Compare("week"u8, "$lt"u8, ProjectWeeks.Of(now.ToUnixTimeMilliseconds()) - ProjectWeeks.Kept));

    private long OldFeedback() => errors.Feedback.Delete(w => w.Compare("at"u8, "$lt"u8, _cutoff));

    /// <summary>What a command changed can be taken back for a day.</summary>
    private long OldUndo() => errors.Undo.Delete(w => w.Compare("at"u8, "$lt"u8, now.AddDays(-1).ToUnixTimeMilliseconds()));

    /// <summary>A tombstone may go when it is old and every lane's cursor is past the delete: nothing from before can come any more.</summary>
    private long OldTombstones()
    {
        var before = Math.Min(_cutoff, new Leading(errors).SlowestMs(but: MongoErrorStore.Commands));
        return errors.Tombstones.Delete(w => w.Compare("deletedAt"u8, "$lt"u8, before))
            + errors.Fingerprints.Delete(w => w.Compare("deletedAt"u8, "$lt"u8, before));
    }

    /// <summary>Closed issues of which nothing but totals is left.</summary>
    private long EmptyIssues()
    {
        var closed = errors.Issues.Query(
            w =>
            {
                w.Compare("lastSeen"u8, "$lt"u8, _cutoff);
                w.Compare("state"u8, "$gt"u8, (long)IssueState.Open);
            },
            found => found["_id"u8].Int64());
        var gone = 0;
        foreach (var issue in closed)
        {
            var numbers = new FingerprintBook(errors).OfIssue(issue).Select(fingerprint => fingerprint.Number).ToList();
            if (errors.Events.Count(w => w.In("f"u8, numbers), 1) + errors.Hours.Count(w => w.In("f"u8, numbers), 1) > 0)
                continue;
            new IssueRemoval(errors).Remove(issue, _cutoff);
            gone++;
        }

        return gone;
    }

    private List<Sample> Samples(Action<BsonWriter> which, Action<BsonWriter> order) => errors.Events.Query(
        which,
        found => new Sample(found["_id"u8].String(), found["f"u8].Int64(), found["novelty"u8].String(), found["receivedAt"u8].Int64()),
        options =>
        {
            order(options);
            using var fields = options.Document("projection"u8);
            foreach (var field in (string[])["f", "novelty", "receivedAt"])
                options.Int32(System.Text.Encoding.UTF8.GetBytes(field), 1);
        });

    private sealed record Sample(string Id, long Fingerprint, string Novelty, long ReceivedAt);
}
