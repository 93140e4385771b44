using ErrorPipeline.Shared.Storage.Mongo;

namespace ErrorPipeline.Stores.Compliance;

[TestFixture]
internal sealed class MongoCollectionTests
{
    /// <summary>DocumentDB takes 25,000 at once, MongoDB 100,000: servers tell, and the driver splits what is more.</summary>
    private const int More = 25_001;

    [Test]
    public async Task InsertAll_MoreThanTheServerTakesAtOnce_WritesThemAllAndTellsWhichWereThere()
    {
        await using var database = await MongoTestDatabase.CreateAsync();
        var known = await database.RunAsync(session => new MongoCollection(session, "many").InsertAll([More - 1], (w, n) => w.Int32("_id"u8, n)));
        known.Should().BeEmpty();

        var there = await database.RunAsync(session => new MongoCollection(session, "many").InsertAll([.. Enumerable.Range(0, More)], (w, n) => w.Int32("_id"u8, n)));

        there.Should().Equal(More - 1);
        (await database.CountAsync("many")).Should().Be(More);
    }
}
