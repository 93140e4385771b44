using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Outcomes;
using ErrorPipeline.Shared.Storage.Mongo.Bson;
using ErrorPipeline.Shared.Streams;

namespace ErrorPipeline.Shared.Storage.Mongo.Errors;

/// <summary>Receipts: collected while an entry is applied, and kept as one document that is named by it; later merged, and divided as <see cref="ReceiptParts"/> tells.</summary>
internal sealed class ReceiptBook(ErrorCollections errors)
{
    private const long HourMs = 3_600_000;

    private readonly List<(ulong Event, int Fate)> _receipts = [];
    private readonly Dictionary<ulong, int> _stored = [];
    private readonly Dictionary<string, int> _fates = new(StringComparer.Ordinal);

    /// <param name="events">Their short ids.</param>
    /// <param name="fingerprint">Number of the fingerprint that counts them; 0 where it was deleted before they came.</param>
    public void Stored(byte[]? events, long fingerprint)
    {
        Add(events, (int)fingerprint);
        if (fingerprint == 0)
            return;
        foreach (var id in ShortIds.Unpack(events))
            _stored[id] = (int)fingerprint;
    }

    /// <summary>The fingerprint that counts an event of what was collected here; null where it is not among them.</summary>
    public long? StoredNow(ulong id) => _stored.TryGetValue(id, out var fingerprint) ? fingerprint : null;

    /// <summary>The fingerprint that counts an event; null where none does any more, or it is not known.</summary>
    public long? FindFingerprint(int project, string eventId) =>
        Fates([project], eventId).Where(receipt => receipt.Fate > 0).Select(receipt => new FingerprintBook(errors).Find(receipt.Fate))
            .FirstOrDefault(fingerprint => fingerprint?.Project == project)?.Number;

    public void Ended(byte[]? events, string outcome)
    {
        if (events is { Length: > 0 })
            Add(events, -FateOf(StoreText.Clean(outcome, 200)));
    }

    public void Write(string lane, StreamId entry)
    {
        if (_receipts.Count == 0)
            return;
        var order = errors.Next("receipts");
        errors.Receipts.Insert(w =>
        {
            w.String("_id"u8, $"{lane}:{entry.ToSortable()}");
            w.Int64("order"u8, order);
            w.Int64("at"u8, (long)entry.Ms);
            w.Int64("events"u8, _receipts.Count);
            w.Binary("body"u8, ReceiptRow.Write(_receipts));
        });
        _receipts.Clear();
    }

    public IReadOnlyList<Receipt> Find(IEnumerable<int> projects, string eventId) =>
        [.. Fates(projects, eventId).Select(receipt => Describe(receipt.Project, receipt.At, receipt.Fate))];

    private IEnumerable<(int Project, long At, int Fate)> Fates(IEnumerable<int> projects, string eventId)
    {
        var ids = projects.Distinct().Select(p => (Project: p, Id: EventIdentity.Of(p, eventId).Short)).ToList();
        var found = errors.Receipts.Query(
            w => ReceiptParts.WriteFilter(w, ids.Select(id => id.Id)),
            stored =>
            {
                var body = new MemoryStream(stored["body"u8].Binary().ToArray());
                var at = stored["at"u8].Int64();
                return ids.SelectMany(id => ReceiptRow.Find(body, id.Id).Select(fate => (id.Project, At: at, Fate: fate))).ToList();
            },
            BsonQuery.Sorted(0, ("at", -1), ("order", -1)));
        // Dividing that was stopped leaves the parts beside the whole until it is ended.
        return found.SelectMany(receipts => receipts).Distinct();
    }

    public ReceiptWindow Window()
    {
        using var pipeline = new BsonWriter();
        using (pipeline.Array("pipeline"u8))
        {
            using (pipeline.Document(default))
            using (pipeline.Document("$match"u8))
                pipeline.Compare("at"u8, "$gte"u8, 0);
            using (pipeline.Document(default))
            using (pipeline.Document("$group"u8))
            {
                pipeline.Null("_id"u8);
                using (pipeline.Document("from"u8))
                    pipeline.String("$min"u8, "$at"u8);
                using (pipeline.Document("events"u8))
                    pipeline.String("$sum"u8, "$events"u8);
            }
        }

        using var cursor = errors.Session.Aggregate(ErrorCollections.ReceiptsName, pipeline);
        if (!cursor.Next(out var all))
            return new(null, 0, 0);
        var events = all["events"u8].Int64();
        return new(all["from"u8].Int64(), events, events * ReceiptRow.Bytes);
    }

    /// <summary>Deletes documents that are too old or too many; how many.</summary>
    public long Purge(RetentionPolicy policy, DateTimeOffset now)
    {
        var gone = errors.Receipts.Delete(w => w.Compare("at"u8, "$lt"u8, (now - policy.ReceiptAge).ToUnixTimeMilliseconds()));
        var surplus = Window().Bytes - policy.ReceiptBytes;
        if (surplus <= 0)
            return gone;
        List<string> oldest = [];
        foreach (var (id, events) in errors.Receipts.Query(
            w => w.Compare("at"u8, "$gte"u8, 0), stored => (stored["_id"u8].String(), stored["events"u8].Int64()), BsonQuery.Both(BsonQuery.Sorted(500, ("at", 1)), BsonQuery.Only("events"))))
        {
            oldest.Add(id);
            surplus -= events * ReceiptRow.Bytes;
            if (surplus <= 0)
                break;
        }

        return gone + errors.Receipts.Delete(w => w.In("_id"u8, oldest));
    }

    /// <summary>
    /// Makes one document of many of the same hour that are not divided: a look-up visits every one of them. The merged one is written before the
    /// others go; an event that is told twice in between is told once again after the next merge.
    /// </summary>
    public int Merge()
    {
        var small = errors.Receipts.Query(
            w =>
            {
                ReceiptParts.WriteUndivided(w);
                w.Compare("events"u8, "$lt"u8, ReceiptMerge.Whole);
            },
            stored => (Id: stored["_id"u8].String(), At: stored["at"u8].Int64()), BsonQuery.Both(BsonQuery.Sorted(0, ("at", 1), ("order", 1)), BsonQuery.Only("at", "order")));
        var group = ReceiptMerge.Choose(small);
        if (group.Count == 0)
            return 0;
        var merged = new HashSet<(ulong Event, int Fate)>();
        List<string> taken = [];
        foreach (var id in group)
        {
            merged.UnionWith(Read(id));
            taken.Add(id);
            if (merged.Count >= ReceiptMerge.Whole)
                break;
        }

        errors.Receipts.Update(BsonQuery.Id(taken[^1]), w => w.Set(fields =>
        {
            fields.Int64("events"u8, merged.Count);
            fields.Binary("body"u8, ReceiptRow.Write([.. merged]));
        }));
        errors.Receipts.Delete(w => w.In("_id"u8, taken.SkipLast(1)));
        return taken.Count - 1;
    }

    /// <summary>Divides one document whose hour is over, or that is merged no more. The parts are written before it goes. How many there are.</summary>
    public int Divide(DateTimeOffset now)
    {
        var hour = now.ToUnixTimeMilliseconds() / HourMs * HourMs;
        var whole = errors.Receipts.Query(
            w =>
            {
                ReceiptParts.WriteUndivided(w);
                w.Compare("events"u8, "$gte"u8, ReceiptParts.Least);
            },
            stored => (Id: stored["_id"u8].String(), At: stored["at"u8].Int64(), Events: stored["events"u8].Int64()), BsonQuery.Both(BsonQuery.Sorted(0, ("at", 1)), BsonQuery.Only("at", "events")))
            .Where(one => one.At < hour || one.Events >= ReceiptMerge.Whole).Take(1).ToList();
        if (whole is not [var (id, at, events)])
            return 0;
        var bits = ReceiptParts.BitsFor(events);
        var parts = Read(id).GroupBy(receipt => ReceiptParts.Of(receipt.Event, bits)).ToList();
        var order = errors.NextOf("receipts", parts.Count);
        errors.Receipts.UpdateAll(parts, (w, part) => w.String("_id"u8, $"{id}:{part.Key}"), (w, part) => w.Set(fields =>
        {
            fields.Int32("part"u8, part.Key);
            fields.Int64("order"u8, order++);
            fields.Int64("at"u8, at);
            fields.Int64("events"u8, part.Count());
            fields.Binary("body"u8, ReceiptRow.Write([.. part]));
        }), upsert: true);
        errors.Receipts.Delete(BsonQuery.Id(id));
        return parts.Count;
    }

    private List<(ulong Event, int Fate)> Read(string id)
    {
        List<(ulong, int)> receipts = [];
        ReceiptRow.AddTo(receipts, errors.Receipts.First(BsonQuery.Id(id), stored => stored["body"u8].Binary().ToArray()) ?? []);
        return receipts;
    }

    private void Add(byte[]? events, int fate)
    {
        foreach (var id in ShortIds.Unpack(events))
            _receipts.Add((id, fate));
    }

    private int FateOf(string outcome)
    {
        if (_fates.TryGetValue(outcome, out var known))
            return known;
        var stored = Stored();
        if (stored == 0)
        {
            var number = errors.Next("fates");
            errors.ReceiptFates.Insert(w =>
            {
                w.String("_id"u8, outcome);
                w.Int64("n"u8, number);
            });
            stored = Stored();
        }

        return _fates[outcome] = (int)stored;

        long Stored() => errors.ReceiptFates.Query(BsonQuery.Id(outcome), found => found["n"u8].Int64()).FirstOrDefault();
    }

    private Receipt Describe(int project, long at, int fate)
    {
        if (fate < 0)
            return new(project, errors.ReceiptFates.First(BsonQuery.Number("n", -fate), found => found["_id"u8].String()) ?? "", at, null);
        var counted = fate == 0 ? null : new FingerprintBook(errors).Find(fate);
        return new(project, Outcome.Stored, at, counted?.Project == project ? counted.Issue : null);
    }
}
