using System.Text;
using ErrorPipeline.Shared.Hosting;
using ErrorPipeline.Shared.Storage.Mongo.Bson;
using ErrorPipeline.Shared.Storage.Mongo.Native;
using ErrorPipeline.Shared.Streams;

namespace ErrorPipeline.Shared.Storage.Mongo.Errors;

/// <summary>
/// What one entry of a lane adds, folded to one update per document. Each document keeps the id of the lane's last entry that was added
/// to it and takes only later ones: however often, and by whomever, an entry is applied, it counts once.
/// </summary>
internal sealed class GuardedCounts(string lane, StreamId entry)
{
    private const int MostAttempts = 20;

    /// <summary>Outcomes last but for what people look at, which is derived after all of these.</summary>
    private static readonly string[] Order =
    [
        ErrorCollections.HoursName, ErrorCollections.FacetsName, ErrorCollections.EnvironmentsName, ErrorCollections.FingerprintReleasesName,
        ErrorCollections.ReleasesName, ErrorCollections.ClientsName, ErrorCollections.TalliesName, ErrorCollections.ProjectFacetsName, ErrorCollections.FingerprintsName, ErrorCollections.OutcomesName,
    ];

    private readonly byte[] _marker = Encoding.UTF8.GetBytes($"m.{lane}");
    private readonly string _entry = entry.ToSortable();
    private readonly Dictionary<(string Collection, string Id), CountedDocument> _documents = [];

    /// <summary>The document that is to be made where it is missing.</summary>
    public CountedDocument Of(string collection, string id, Action<BsonWriter> whenMade) => Get(collection, id, () => new(whenMade, null));

    /// <summary>A fingerprint: it counts only while it has that number.</summary>
    public CountedDocument Of(FingerprintDocument fingerprint) => Get(ErrorCollections.FingerprintsName, fingerprint.Id, () => new(null, fingerprint.Number));

    public void Apply(MongoSession session)
    {
        foreach (var collection in Order)
        {
            var pending = _documents.Where(document => document.Key.Collection == collection).Select(document => (document.Key.Id, document.Value)).ToList();
            for (var attempt = 0; pending.Count > 0; attempt++)
            {
                if (attempt == MostAttempts)
                    throw new StoreUnavailableException($"{pending.Count} documents of {collection} change faster than they can be counted");
                pending = Apply(session, collection, pending);
            }
        }
    }

    /// <summary>Those which are still to be done: another lane made the document at the same moment.</summary>
    private List<(string Id, CountedDocument)> Apply(MongoSession session, string collection, List<(string Id, CountedDocument Document)> pending)
    {
        using var filter = new BsonWriter();
        using var update = new BsonWriter();
        using var bulk = session.Bulk(collection);
        foreach (var (id, document) in pending)
        {
            filter.Reset();
            update.Reset();
            WriteFilter(filter, id, document.Number);
            document.Write(update, _marker, _entry);
            bulk.Update(filter, update, document.WhenMade is not null);
        }

        var failed = bulk.Execute().Errors;
        if (failed.FirstOrDefault(error => error.Code != MongoException.DuplicateKey) is { } other)
            throw new MongoException(other.Message, other.Code, [], fromServer: true);
        if (failed.Count == 0)
            return [];
        var doubted = failed.Select(error => pending[error.Index]).ToList();
        if (!Guard.Holds(Guard.Reread))
            return doubted;
        var applied = new MongoCollection(session, collection).Query(
            w =>
            {
                w.In("_id"u8, doubted.Select(document => document.Id));
                using var marker = w.Document(_marker);
                w.String("$gte"u8, _entry);
            },
            found => found["_id"u8].String()).ToHashSet();
        return [.. doubted.Where(document => !applied.Contains(document.Id))];
    }

    private void WriteFilter(BsonWriter filter, string id, long? number)
    {
        filter.String("_id"u8, id);
        if (number is { } mine)
            filter.Int64("n"u8, mine);
        if (!Guard.Holds(Guard.Marker))
            return;
        using var marker = filter.Document(_marker);
        using var not = filter.Document("$not"u8);
        filter.String("$gte"u8, _entry);
    }

    private CountedDocument Get(string collection, string id, Func<CountedDocument> make)
    {
        if (!_documents.TryGetValue((collection, id), out var document))
            _documents[(collection, id)] = document = make();
        return document;
    }
}

/// <summary>One document's part of an entry.</summary>
internal sealed class CountedDocument(Action<BsonWriter>? whenMade, long? number)
{
    private readonly Dictionary<string, long> _more = [];
    private readonly Dictionary<string, long> _least = [];
    private readonly Dictionary<string, long> _most = [];

    /// <summary>Writes the fields that never change; null where the document is not to be made.</summary>
    public Action<BsonWriter>? WhenMade => whenMade;

    public long? Number => number;

    public CountedDocument Add(string field, long count)
    {
        _more[field] = _more.GetValueOrDefault(field) + count;
        return this;
    }

    public CountedDocument Least(string field, long value)
    {
        _least[field] = Math.Min(_least.GetValueOrDefault(field, long.MaxValue), value);
        return this;
    }

    public CountedDocument Most(string field, long value)
    {
        _most[field] = Math.Max(_most.GetValueOrDefault(field, long.MinValue), value);
        return this;
    }

    public void Write(BsonWriter update, byte[] marker, string entry)
    {
        Write(update, "$inc"u8, _more);
        Write(update, "$min"u8, _least);
        Write(update, "$max"u8, _most);
        using (update.Document("$set"u8))
            update.String(marker, entry);
        if (whenMade is null)
            return;
        using (update.Document("$setOnInsert"u8))
            whenMade(update);
    }

    private static void Write(BsonWriter update, ReadOnlySpan<byte> operation, Dictionary<string, long> fields)
    {
        if (fields.Count == 0)
            return;
        using var document = update.Document(operation);
        foreach (var (field, value) in fields)
            update.Int64(Encoding.UTF8.GetBytes(field), value);
    }
}
