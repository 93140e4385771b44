using System.Text;
using System.Text.Json;
using ErrorPipeline.Shared.Storage.Copying;
using ErrorPipeline.Shared.Storage.Mongo.Artifacts;
using ErrorPipeline.Shared.Storage.Mongo.Bson;
using ErrorPipeline.Shared.Storage.Mongo.Errors;
using ErrorPipeline.Shared.Storage.Mongo.Native;

namespace ErrorPipeline.Shared.Storage.Mongo;

/// <summary>A database as one end of a copy. Rows are written before how far they go: what is written twice is there already.</summary>
internal sealed class MongoStoreEnd : IStoreEnd
{
    private const int IssuesAtATime = 300;
    private const string Copying = "copying";

    private readonly StorePart _part;
    private readonly bool _isTarget;
    private readonly MongoPool _pool;
    private readonly string _uri;

    public MongoStoreEnd(StorePart part, string uri, bool isTarget) => (_part, _isTarget, _uri, _pool) = (part, isTarget, uri, new(uri, 1));

    public string Name => StoreAddress.WithoutPassword(_uri);

    private IReadOnlyList<CopiedTable> Tables => StoreParts.TablesOf(_part);

    public async Task<bool> ExistsAsync(CancellationToken cancel) => !await IsEmptyAsync(cancel);

    public async Task PrepareAsync(CancellationToken cancel)
    {
        if (_isTarget)
        {
            await MigrateAsync(cancel);
            return;
        }

        if (_part == StorePart.Errors && await Run(session => new Leading(new(session)).AnyOpen(but: ""), cancel))
            throw new CopyRefusedException($"{Name}: an entry was begun and not ended. Start the workers once, so that they end it, and stop them again");
    }

    public Task<bool> IsEmptyAsync(CancellationToken cancel) => Run(session => Tables.All(table => new MongoCollection(session, table.Collection).Count(_ => { }, 1) == 0), cancel);

    public Task EmptyAsync(CancellationToken cancel) => Run(
        session =>
        {
            foreach (var table in Tables)
                new MongoCollection(session, table.Collection).Delete(_ => { });
            if (_part == StorePart.Artifacts)
                new ArtifactCollections(session).Chunks.Delete(_ => { });
            return State(session).Delete(BsonQuery.Id(StoreParts.NameOf(_part)));
        },
        cancel);

    public Task<string> SealAsync(CancellationToken cancel) => Run(
        session =>
        {
            if (_part == StorePart.Errors)
                new Leading(new(session)).Take("store copy");
            return Stamp(session);
        },
        cancel);

    public Task<string> ReadStampAsync(CancellationToken cancel) => Run(Stamp, cancel);

    public Task<long> CountAsync(CopiedTable table, CancellationToken cancel) => Run(session => new MongoCollection(session, table.Collection).Count(Where(table, null)), cancel);

    public Task<IReadOnlyList<CopiedRow>> ReadAsync(CopiedTable table, string? after, CancellationToken cancel) => Run<IReadOnlyList<CopiedRow>>(
        session =>
        {
            var rows = new MongoCollection(session, table.Collection).Query(Where(table, after), found => Read(table, found), BsonQuery.Sorted(table.Batch, ("_id", 1)));
            return table.Name == CopiedTables.Blobs ? [.. rows.Select(row => WithContent(session, row))] : rows;
        },
        cancel);

    public Task WriteAsync(CopiedTable table, IReadOnlyList<CopiedRow> rows, CopyState state, CancellationToken cancel) => Run(
        session =>
        {
            if (table.Name == CopiedTables.Blobs)
            {
                foreach (var row in rows)
                    new BlobShelf(new(session)).Put(row.Text(0), row.Number(1), (byte[])row.Values[2]!);
            }
            else
            {
                Insert(session, table, rows);
            }

            return Save(session, state);
        },
        cancel);

    public Task<long> ReadSequenceAsync(CopiedTable table, CancellationToken cancel) => Run(
        session => table.Counter is { } counter
            ? new ErrorCollections(session).Counters.Query(BsonQuery.Id(counter), found => found["n"u8].Int64()).FirstOrDefault()
            : new UploadLog(new ArtifactCollections(session).Uploads).Read().Last,
        cancel);

    public Task RaiseSequenceAsync(CopiedTable table, long least, CancellationToken cancel) => Run(
        session =>
        {
            if (table.Counter is not { } counter)
            {
                new UploadLog(new ArtifactCollections(session).Uploads).Raise(least);
                return true;
            }

            new ErrorCollections(session).Counters.Update(
                BsonQuery.Id(counter),
                w =>
                {
                    using var highest = w.Document("$max"u8);
                    w.Int64("n"u8, least);
                },
                upsert: true);
            return true;
        },
        cancel);

    public Task<long?> DeriveAsync(long afterIssue, CancellationToken cancel) =>
        Run(session => _part == StorePart.Errors ? new IssueWords(new(session)).Set(afterIssue, IssuesAtATime) : null, cancel);

    public Task<CopyState?> ReadStateAsync(CancellationToken cancel) => Run(
        session => State(session).First(
            BsonQuery.Id(StoreParts.NameOf(_part)), found => JsonSerializer.Deserialize(found["state"u8].Binary(), CopyJson.Default.CopyState)!),
        cancel);

    public Task SaveStateAsync(CopyState state, CancellationToken cancel) => Run(session => Save(session, state), cancel);

    public async Task ForgetStateAsync(CancellationToken cancel)
    {
        // Raises the revision of the configuration, too.
        await MigrateAsync(cancel);
        await Run(session => State(session).Delete(BsonQuery.Id(StoreParts.NameOf(_part))), cancel);
    }

    public ValueTask DisposeAsync() => _pool.DisposeAsync();

    private static MongoCollection State(MongoSession session) => new(session, Copying);

    private async Task MigrateAsync(CancellationToken cancel)
    {
        switch (_part)
        {
            case StorePart.Errors:
                await using (var errors = new MongoErrorStore(new() { Uri = _uri }))
                    await errors.MigrateAsync(cancel);
                break;
            case StorePart.Config:
                await using (var config = new MongoConfigStore(_uri, TimeProvider.System))
                    await config.MigrateAsync(cancel);
                break;
            default:
                await using (var artifacts = new MongoArtifactStore(_uri, TimeProvider.System))
                    await artifacts.MigrateAsync(cancel);
                break;
        }
    }

    /// <summary>Only the errors have a token. Of the others what is copied into is not watched, and what is copied from by what its changes leave.</summary>
    private string Stamp(MongoSession session)
    {
        var counters = new ErrorCollections(session).Counters;
        long Number(string counter) => counters.Query(BsonQuery.Id(counter), found => found["n"u8].Int64()).FirstOrDefault();
        long Count(string collection) => new MongoCollection(session, collection).Count(_ => { });
        return _part switch
        {
            StorePart.Errors => $"{Number(Leading.Leader)}",
            _ when _isTarget => "",
            StorePart.Config => $"{Number(MongoConfig.RevisionId)}|{Count("users")}|{Number("outbox")}|{Count("uploadTokens")}",
            _ => $"{new UploadLog(new ArtifactCollections(session).Uploads).Read().Last}|{Count(ArtifactCollections.ArtifactsName)}",
        };
    }

    private long Save(MongoSession session, CopyState state) => State(session).Update(
        BsonQuery.Id(StoreParts.NameOf(_part)),
        w => w.Set(fields => fields.Binary("state"u8, JsonSerializer.SerializeToUtf8Bytes(state, CopyJson.Default.CopyState))), upsert: true);

    private static void Insert(MongoSession session, CopiedTable table, IReadOnlyList<CopiedRow> rows)
    {
        using var bulk = session.Bulk(table.Collection);
        using var document = new BsonWriter();
        foreach (var row in rows)
        {
            document.Reset();
            if (table.Id is { } id)
                document.String("_id"u8, id(row));
            CopiedDocument.Write(document, table, row);
            table.Besides?.Invoke(document, row);
            bulk.Insert(document);
        }

        if (bulk.Execute().Errors.FirstOrDefault(error => error.Code != MongoException.DuplicateKey) is { } failed)
            throw new MongoException(failed.Message, failed.Code, [], fromServer: true);
    }

    private static Action<BsonWriter> Where(CopiedTable table, string? after) => w =>
    {
        table.OnlyWhere?.Invoke(w);
        if (after is null)
            return;
        using var id = w.Document("_id"u8);
        if (after[0] == CopiedDocument.NumberPlace)
            w.Int64("$gt"u8, long.Parse(after.AsSpan(1), System.Globalization.CultureInfo.InvariantCulture));
        else
            w.String("$gt"u8, after.AsSpan(1));
    };

    private static CopiedRow Read(CopiedTable table, BsonView found) => CopiedDocument.Read(table, found);

    private static CopiedRow WithContent(MongoSession session, CopiedRow blob)
    {
        blob.Values[2] = new BlobShelf(new(session)).ReadPacked(Encoding.UTF8.GetString((byte[])blob.Values[2]!), blob.Number(3))
            ?? throw new CopyRefusedException($"the content of the file {blob.Text(0)} is not whole");
        return blob;
    }

    private Task<T> Run<T>(Func<MongoSession, T> work, CancellationToken cancel) => _pool.RunAsync(work, cancel);
}
