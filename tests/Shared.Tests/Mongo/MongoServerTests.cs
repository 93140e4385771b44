using ErrorPipeline.Rigs;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Shared.Storage.Mongo.Bson;
using ErrorPipeline.Shared.Storage.Mongo.Native;

namespace ErrorPipeline.Shared.Tests.Mongo;

/// <summary>A server that is killed while it is written to.</summary>
public class MongoServerTests
{
    [Test, CancelAfter(180_000)]
    public async Task Server_KilledUnderWrites_KeepsWhatItConfirmedAndIsUnavailableMeanwhile(CancellationToken cancel)
    {
        var (server, reason) = await MongoServer.TryStartAsync(ofItsOwn: true);
        if (server is null)
            Assert.Ignore(reason);
        await using var ended = server!;
        await using var pool = new MongoPool(server!.Uri("killed") + "?serverSelectionTimeoutMS=500", 2);
        var confirmed = 0;
        for (; confirmed < 200; confirmed++)
            await InsertAsync(pool, confirmed, cancel);

        var writing = Task.Run(async () =>
        {
            while (true)
            {
                await InsertAsync(pool, confirmed, cancel);
                confirmed++;
            }
        }, cancel);
        await server.Kill9Async();
        await FluentActions.Awaiting(() => writing).Should().ThrowAsync<StoreUnavailableException>();
        await FluentActions.Awaiting(() => InsertAsync(pool, -1, cancel)).Should().ThrowAsync<StoreUnavailableException>();

        await server.StartAgainAsync();
        var found = await CountAsync(pool, cancel);
        // The one that was under way may have been carried out without an answer.
        found.Should().BeInRange(confirmed, confirmed + 1);
    }

    private static Task InsertAsync(MongoPool pool, int id, CancellationToken cancel) => pool.RunAsync(
        session =>
        {
            using var insert = new BsonWriter();
            insert.String("insert"u8, "kept"u8);
            using (insert.Array("documents"u8))
            using (insert.Document(default))
                insert.Int32("_id"u8, id);
            return session.Write(insert);
        },
        cancel);

    private static Task<long> CountAsync(MongoPool pool, CancellationToken cancel) => pool.RunAsync(
        session =>
        {
            using var count = new BsonWriter();
            count.String("count"u8, "kept"u8);
            return session.Read(count).View["n"u8].Int64();
        },
        cancel);
}
