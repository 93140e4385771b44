using System.Text;
using ErrorPipeline.Shared.Storage;

namespace ErrorPipeline.Stores.Compliance;

/// <summary>What every <see cref="IArtifactStore"/> must do.</summary>
internal abstract class ArtifactStoreCompliance
{
    private const string File = "https://shop.test/static/app.js?v=1#x";
    private static readonly byte[] Map = Encoding.UTF8.GetBytes("""{"version":3,"sources":[],"mappings":""}""");
    private static readonly Guid Build = Guid.Parse("85314830-023f-4cf1-a267-535f4e37bb17");

    protected IArtifactStore Store { get; private set; } = null!;

    protected IArtifactReader Reader { get; private set; } = null!;

    protected abstract Task CreateAsync();

    protected abstract Task RemoveAsync();

    /// <summary>A store that takes ten artifacts a project, and 100 KB in all.</summary>
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
    [TestCase("2.0", File, 1, "No source map was uploaded for release 2.0; the newest upload is for release 1.0.")]
    [TestCase(null, File, 1, "The event names no release*")]
    [TestCase("1.0", "https://shop.test/js/app.js", 1, "Release 1.0 has ~/static/app.js.map, which is another address than https://shop.test/js/app.js: upload it under the path that browsers load.")]
    [TestCase("1.0", "https://shop.test/cdn/static/app.js", 1, "Release 1.0 has ~/static/app.js.map*: upload with the URL prefix ~/cdn.")]
    [TestCase("1.0", "https://shop.test/static/host.js", 1, "Release 1.0 has https://other.test/static/host.js.map, which is for another host than https://shop.test/static/host.js: upload it as ~/static/host.js.map for any host.")]
    [TestCase("1.0", "https://shop.test/static/other.js", 1, "Release 1.0 has source maps, but none for https://shop.test/static/other.js.")]
    [TestCase("1.0", "https://shop.test/static/lone.js", 1, "The file*was uploaded for release 1.0, but not its source map lone.js.map.")]
    [TestCase("1.0", "[native code]", 1, "Release 1.0 has source maps, but none for*")]
    [TestCase("1.0", "https://", 1, "Release 1.0 has source maps, but none for*")]
    public async Task File_WithoutMap_IsToldWhy(string? release, string file, int project, string problem)
    {
        await PutAsync("https://other.test/static/host.js.map");
        await PutAsync("~/static/lone.js", isMap: false, mapUrl: "lone.js.map");
        await PutAsync("~/static/app.js.map");

        var match = (await Reader.MatchAsync([new(project, release, file)], default)).Single();
        match.MapHash.Should().BeNull();
        match.Problem.Should().Match(problem);
    }

    [Test]
    public async Task Map_OfTheEventsDebugId_NeedsNeitherReleaseNorAddress()
    {
        var put = await PutAsync("~/app.js.map", release: "", debugId: Build);
        (await MatchAsync(release: null, debugId: Build)).Should().Be(new ArtifactMatch(put.Hash, Build, null));
        (await MatchAsync(release: null, debugId: Guid.Empty)).Problem.Should().Be(
            $"No source map with the debug id {Guid.Empty} of {File} was uploaded, and the event names no release to look in.");
    }

    [Test]
    public async Task Map_OfTheMinifiedFileWithTheEventsDebugId_IsFoundBesideIt()
    {
        await PutAsync("~/other/app.js", isMap: false, debugId: Build, mapUrl: "maps/app.map");
        var put = await PutAsync("~/other/maps/app.map");
        (await MatchAsync(release: null, debugId: Build)).MapHash.Should().Be(put.Hash);
    }

    [Test]
    public async Task File_OfAnotherDebugIdThanTheUploaded_IsToldSo()
    {
        await PutAsync("~/static/app.js", isMap: false, debugId: Build);
        (await MatchAsync(debugId: Guid.Empty)).Problem.Should().Be(
            $"The page ran {File} with the debug id {Guid.Empty}, but the one uploaded for release 1.0 has {Build}: it is of another build.");
    }

    [Test]
    public async Task Dist_TellsBuildsOfOneReleaseApart()
    {
        var one = await PutAsync("~/static/app.js.map", content: [1], dist: "1");
        var two = await PutAsync("~/static/app.js.map", content: [2], dist: "2");

        (await MatchAsync(dist: "1")).MapHash.Should().Be(one.Hash);
        (await MatchAsync(dist: "2")).MapHash.Should().Be(two.Hash);
        (await MatchAsync()).MapHash.Should().Be(two.Hash, "an event that tells none may be of any, most likely of the newest");
        (await MatchAsync(dist: "3")).Problem.Should().Be($"Release 1.0 has the source map of {File} for dist 2, but the event is of dist 3.");
        var any = await PutAsync("~/static/app.js.map", content: [3]);
        (await MatchAsync(dist: "3")).MapHash.Should().Be(any.Hash);
    }

    [Test]
    public async Task Upload_OfManyFiles_IsAllOrNothing()
    {
        var more = () => Store.PutAsync([.. Enumerable.Range(0, 11).Select(i => Upload($"~/{i}.js.map"))], Some.Now, default);
        await more.Should().ThrowAsync<ArtifactRefusedException>();
        (await Store.ListAsync(1, 100, default)).Should().BeEmpty();
    }

    [Test]
    public async Task Upload_BeyondTheBytes_IsRefusedInWords()
    {
        var noise = new byte[200_000];
        new Random(1).NextBytes(noise);
        var more = () => PutAsync("~/large.js.map", content: noise);
        (await more.Should().ThrowAsync<ArtifactRefusedException>()).WithMessage("All artifacts together may take*delete those of old releases*");
        await PutAsync("~/large.js.map", content: noise[..50_000]);
    }

    [Test]
    public async Task OldReleases_GoUnlessTheyAreStillSeen()
    {
        await PutAsync("~/gone.js.map", release: "1.0");
        await PutAsync("~/seen.js.map", release: "2.0");
        await PutAsync("~/alone.js.map", release: "", debugId: Build);
        (await Store.DeleteOldAsync(Some.Now, [(1, "2.0")], default)).Should().Be(0, "none is older");
        (await Store.DeleteOldAsync(Some.Now.AddMilliseconds(1), [(1, "2.0"), (2, "1.0")], default)).Should().Be(2);
        (await Store.ListAsync(1, 10, default)).Select(a => a.Url).Should().Equal("~/seen.js.map");
    }

    [Test]
    public async Task Releases_AreListedWithWhatTheyHold()
    {
        await PutAsync("~/a.js.map", release: "1.0", content: [1, 2, 3]);
        await PutAsync("~/b.js.map", release: "1.0", content: [4, 5]);
        await PutAsync("~/c.js.map", release: "2.0");
        (await Reader.ListReleasesAsync(1, 10, default)).Select(r => (r.Release, r.Files)).Should().Equal(("2.0", 1), ("1.0", 2));
        (await Reader.ListReleasesAsync(1, 10, default))[1].Bytes.Should().Be(5);
        (await Reader.ListAsync(1, 10, default, "1.0")).Should().HaveCount(2);
        (await Reader.GetUsageAsync(default)).Should().BePositive();
        (await Store.DeleteReleaseAsync(1, "1.0", default)).Should().Be(2);
        (await Reader.ListReleasesAsync(1, 10, default)).Should().ContainSingle();
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

    [Test]
    public async Task Files_BesideAMap_AreThoseOfItsUpload()
    {
        var map = await PutAsync("~/static/app.js.map");
        var source = await PutAsync("~/src/cart.ts", isMap: false, content: [7]);
        await PutAsync("~/src/cart.ts", isMap: false, content: [8], dist: "other");
        await PutAsync("~/src/cart.ts", isMap: false, content: [9], release: "2.0");

        var found = await Reader.FindBesidesAsync(1, map.Hash, "1.0", default);
        found.MapUrl.Should().Be("~/static/app.js.map");
        found.Hashes.Should().Equal(new Dictionary<string, string> { ["~/src/cart.ts"] = source.Hash });
        (await Reader.FindBesidesAsync(1, map.Hash, "0.1", default)).Hashes.Should().HaveCount(1, "the map is the same, whatever release asks");
        (await Reader.FindBesidesAsync(2, map.Hash, "1.0", default)).Hashes.Should().BeEmpty("it is another project's");
    }

    [Test]
    public async Task Uploads_AfterAnArtifact_NameTheBuildsTheyAreFor()
    {
        (await Reader.ListUploadsAsync(0, null, default)).Should().BeEquivalentTo(new { Builds = Array.Empty<UploadedBuild>() });
        var first = await PutAsync("~/a.js.map");
        await PutAsync("~/b.js.map", release: "0.9");
        var third = await PutAsync("~/c.js.map", release: "0.9");
        await PutAsync("~/d.js.map", release: "2.0", debugId: Build);

        var uploads = await Reader.ListUploadsAsync(0, third.Id, default);
        uploads.Should().BeEquivalentTo(new { Upto = third.Id, Oldest = first.UploadedAt, Newest = third.UploadedAt });
        uploads.Builds.Should().Equal(new UploadedBuild(1, "0.9"), new UploadedBuild(1, "1.0"));
        (await Reader.ListUploadsAsync(first.Id, third.Id, default)).Builds.Should().Equal(new UploadedBuild(1, "0.9"));
        (await Reader.ListUploadsAsync(0, null, default)).Builds.Should().Equal([new UploadedBuild(1, null)], "events of any release may name a debug id");
    }

    private async Task<ArtifactMatch> MatchAsync(string? release = "1.0", Guid? debugId = null, string? dist = null) =>
        (await Reader.MatchAsync([new(1, release, File, dist, debugId)], default)).Single();

    protected async Task<Artifact> PutAsync(
        string url, bool isMap = true, string release = "1.0", Guid? debugId = null, string? mapUrl = null, byte[]? content = null, string dist = "") =>
        (await Store.PutAsync([Upload(url, isMap, content) with { Release = release, DebugId = debugId, MapUrl = mapUrl, Dist = dist }], Some.Now, default)).Single();

    protected static ArtifactUpload Upload(string url, bool isMap = true, byte[]? content = null) =>
        new(1, "1.0", ArtifactUrl.Normalize(url)!, isMap ? ArtifactKind.Map : ArtifactKind.Minified, content ?? (isMap ? Map : [1]));
}
