using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Shared.Storage.Mongo;

namespace ErrorPipeline.Stores.Compliance;

[TestFixture]
internal sealed class MongoArtifactStoreTests : ArtifactStoreCompliance
{
    private readonly Later _clock = new();
    private MongoTestDatabase _database = null!;

    protected override IArtifactStore Connect() => new MongoArtifactStore(_database.Uri, _clock, mostArtifacts: 10, mostBytes: 100_000);

    protected override IArtifactReader ConnectReader() => new MongoArtifactReader(_database.Uri);

    [OneTimeSetUp]
    public async Task MakeDatabase() => _database = await MongoTestDatabase.CreateAsync();

    [OneTimeTearDown]
    public async Task DropDatabase()
    {
        if (_database is not null)
            await _database.DisposeAsync();
    }

    protected override Task CreateAsync()
    {
        _clock.By = TimeSpan.Zero;
        return Task.CompletedTask;
    }

    protected override Task RemoveAsync() => _database.EmptyAsync();

    /// <summary>Wherever it was stopped: none of it is seen, nothing of it stays, and the same upload goes through afterwards.</summary>
    [TestCase("artifacts")]
    [TestCase("blobChunks")]
    [TestCase("blobs")]
    public async Task Upload_CutAtACollection_IsNotSeenAndIsTakenAwayLater(string collection)
    {
        var first = await PutAsync("~/static/app.js.map");
        ArtifactUpload[] uploads = [Upload("~/static/app.js.map", content: [1, 2]), Upload("~/static/other.js.map", content: [3, 4])];
        using (_database.CutAt(collection))
            await FluentActions.Awaiting(() => Store.PutAsync(uploads, Some.Now, default)).Should().ThrowAsync<StoreUnavailableException>();

        (await Store.ListAsync(1, 10, default)).Should().Equal(first);
        (await Reader.ListUploadsAsync(0, null, default)).Upto.Should().Be(first.Id);
        _clock.By = TimeSpan.FromHours(1);
        var again = await Store.PutAsync(uploads, Some.Now, default);
        (await Store.ListAsync(1, 10, default)).Should().Equal(again.Reverse());
        (await Reader.ReadAsync(again[0].Hash, default)).Should().Equal(1, 2);
        (await Reader.ReadAsync(first.Hash, default)).Should().BeNull("nothing refers to it");
        (await _database.CountAsync("blobChunks")).Should().Be(2);
    }

    [Test]
    public async Task Content_OfManyChunks_IsReadWhole()
    {
        await using var large = new MongoArtifactStore(_database.Uri, TimeProvider.System);
        var noise = new byte[1_300_000];
        new Random(1).NextBytes(noise);
        var put = (await large.PutAsync([Upload("~/large.js.map", content: noise)], Some.Now, default)).Single();

        (await Reader.ReadAsync(put.Hash, default)).Should().Equal(noise);
        (await _database.CountAsync("blobChunks")).Should().Be(3);
        (await large.DeleteAsync(1, put.Id, default)).Should().BeTrue();
        (await _database.CountAsync("blobChunks")).Should().Be(0);
    }

    private sealed class Later : TimeProvider
    {
        public TimeSpan By { get; set; }

        public override DateTimeOffset GetUtcNow() => Some.Now + By;
    }
}
