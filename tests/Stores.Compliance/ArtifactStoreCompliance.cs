using System.Text;
using ErrorPipeline.Shared.Storage;

namespace ErrorPipeline.Stores.Compliance;

/// <summary>What every <see cref="IArtifactStore"/> must do.</summary>
internal abstract class ArtifactStoreCompliance
{
    private const string File = "https://shop.test/static/app.js?v=1#x";
    private static readonly byte[] Map = Encoding.UTF8.GetBytes("""{"version":3,"sources":[],"mappings":""}""");
    private static readonly Guid Build = Guid.Parse("85314830-023f-4cf1-a267-535f4e37bb17");

    private IArtifactStore Store { get; set; } = null!;

    private IArtifactReader Reader { get; set; } = null!;

    protected abstract Task CreateAsync();

    protected abstract Task RemoveAsync();

    /// <summary>A store that takes ten artifacts a project.</summary>
    protected abstract IArtifactStore Connect();

    /// <summary>As a worker opens it.</summary>
    protected abstract IArtifactReader ConnectReader();

    [SetUp]
    public async Task SetUpStore()
    {
        await CreateAsync();
        Reader = ConnectReader();
        (await Reader.FindProjectsAsync([1], default)).Should().BeEmpty("there is no store yet");
        Store = Connect();
        await Store.MigrateAsync(default);
    }

    [TearDown]
    public async Task TearDownStore()
    {
        await Reader.DisposeAsync();
        await Store.DisposeAsync();
        await RemoveAsync();
    }

    [TestCase("~/static/app.js.map")]
    [TestCase("/static/app.js.map")]
    [TestCase("static/app.js.map")]
    [TestCase("https://shop.test/static/app.js.map")]
    [TestCase("https://SHOP.test:443/static/app.js.map?v=2")]
    public async Task Map_BesideTheFile_IsFoundAndReadWhole(string url)
    {
        var put = await PutAsync(url);
        var match = await MatchAsync();

        match.Should().Be(new ArtifactMatch(put.Hash, null, null));
        (await Reader.ReadAsync(put.Hash, default)).Should().Equal(Map);
        (await Reader.FindProjectsAsync([1, 2, 1], default)).Should().Equal(1);
    }

    [Test]
    public async Task Map_NamedByItsMinifiedFile_IsFoundUnderThatName()
    {
        var put = await PutAsync("~/maps/1234.map");
        await PutAsync("~/static/app.js", isMap: false, mapUrl: "../maps/1234.map");

        (await MatchAsync()).MapHash.Should().Be(put.Hash);
    }

    [Test]
    public async Task Map_OfTheFilesDebugId_IsFoundWhateverItsReleaseAndName()
    {
        var put = await PutAsync("~/elsewhere.map", release: "", debugId: Build);
        await PutAsync("~/static/app.js", isMap: false, debugId: Build);

        (await MatchAsync()).Should().Be(new ArtifactMatch(put.Hash, Build, null));
    }

    [TestCase("1.0", "https://shop.test/static/app.js", 2, "No source map was uploaded for release 1.0.")]
    [TestCase("2.0", File, 1, "No source map was uploaded for release 2.0.")]
    [TestCase(null, File, 1, "The event names no release*")]
    [TestCase("1.0", "https://shop.test/js/app.js", 1, "Release 1.0 has ~/static/app.js.map, which is another address*")]
    [TestCase("1.0", "https://shop.test/static/other.js", 1, "Release 1.0 has source maps, but none for https://shop.test/static/other.js.")]
    [TestCase("1.0", "https://shop.test/static/lone.js", 1, "The file*was uploaded for release 1.0, but not its source map lone.js.map.")]
    [TestCase("1.0", "[native code]", 1, "Release 1.0 has source maps, but none for*")]
    [TestCase("1.0", "https://", 1, "Release 1.0 has source maps, but none for*")]
    public async Task File_WithoutMap_IsToldWhy(string? release, string file, int project, string problem)
    {
        await PutAsync("~/static/app.js.map");
        await PutAsync("~/static/lone.js", isMap: false, mapUrl: "lone.js.map");

        var match = (await Reader.MatchAsync([new(project, release, file)], default)).Single();
        match.MapHash.Should().BeNull();
        match.Problem.Should().Match(problem);
    }

    [Test]
    public async Task Upload_Again_ReplacesWhatWasThere()
    {
        var first = await PutAsync("~/static/app.js.map");
        var second = await PutAsync("~/static/app.js.map", content: [1, 2, 3]);

        (await Store.ListAsync(1, 10, default)).Should().Equal(second);
        (await MatchAsync()).MapHash.Should().Be(second.Hash);
        (await Reader.ReadAsync(first.Hash, default)).Should().BeNull("nothing refers to it");
    }

    [Test]
    public async Task Content_OfTwoReleases_GoesWithTheLast()
    {
        var one = await PutAsync("~/static/app.js.map");
        var two = await PutAsync("~/static/app.js.map", release: "2.0");
        one.Hash.Should().Be(two.Hash);

        (await Store.DeleteAsync(2, one.Id, default)).Should().BeFalse("it is another project's");
        (await Store.DeleteAsync(1, one.Id, default)).Should().BeTrue();
        (await Reader.ReadAsync(two.Hash, default)).Should().Equal(Map);
        (await Store.DeleteAsync(1, two.Id, default)).Should().BeTrue();
        (await Reader.ReadAsync(two.Hash, default)).Should().BeNull();
    }

    [Test]
    public async Task Upload_BeyondTheLimit_IsRefusedAndLeavesNothing()
    {
        for (var i = 0; i < 10; i++)
            await PutAsync($"~/{i}.js.map");
        var more = () => PutAsync("~/10.js.map", content: [9]);
        await more.Should().ThrowAsync<ArtifactRefusedException>();
        (await Store.ListAsync(1, 100, default)).Should().HaveCount(10);
        await PutAsync("~/9.js.map", content: [7]);
    }

    private async Task<ArtifactMatch> MatchAsync() => (await Reader.MatchAsync([new(1, "1.0", File)], default)).Single();

    private Task<Artifact> PutAsync(string url, bool isMap = true, string release = "1.0", Guid? debugId = null, string? mapUrl = null, byte[]? content = null) =>
        Store.PutAsync(new(1, release, ArtifactUrl.Normalize(url)!, isMap, debugId, mapUrl), content ?? (isMap ? Map : [1]), Some.Now, default);
}
