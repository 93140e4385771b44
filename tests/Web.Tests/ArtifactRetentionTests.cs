using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Shared.Storage.Sqlite;
using ErrorPipeline.Web.SourceMaps;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace ErrorPipeline.Web.Tests;

public sealed class ArtifactRetentionTests
{
    private DashboardRig _rig = null!;
    private int _project;

    [SetUp]
    public async Task SetUp()
    {
        _rig = await DashboardRig.StartAsync("--Artifacts:KeepDays", "30");
        _project = (await _rig.Config.CreateProjectAsync("Shop", TimeProvider.System.GetUtcNow(), default)).Id;
        await PutAsync("gone", 31);
        await PutAsync("seen", 31);
        await PutAsync("last seen long ago", 31);
        await PutAsync("new", 29);
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        await _rig.ApplyAsync(
            Some.Delta(_project, "a") with { Releases = [new("seen", 1, now - 1, now)] },
            Some.Delta(_project, "b") with { Releases = [new("last seen long ago", 1, 1, now - (long)TimeSpan.FromDays(31).TotalMilliseconds)] });
    }

    [TearDown]
    public async Task TearDown() => await _rig.DisposeAsync();

    [Test]
    public async Task Releases_NeitherUploadedNorSeenLately_Go()
    {
        (await _rig.App.Services.GetRequiredService<ArtifactRetention>().RunAsync(default)).Should().Be(2);
        (await KeptAsync()).Should().BeEquivalentTo("seen", "new");
    }

    [Test]
    public async Task Releases_WhileTheStoreOfErrorsIsAway_Stay()
    {
        await using var away = new SqliteErrorReader(new() { Path = "/nonexistent/errors.db" });
        using var retention = new ArtifactRetention(
            _rig.Config, away, Artifacts, Options.Create(new ArtifactOptions { KeepDays = 30 }), TimeProvider.System, NullLogger<ArtifactRetention>.Instance);
        var running = () => retention.RunAsync(default);
        await running.Should().ThrowAsync<StoreUnavailableException>();
        (await KeptAsync()).Should().HaveCount(4, "nobody can say which of them are still run");
    }

    private IArtifactStore Artifacts => _rig.App.Services.GetRequiredService<IArtifactStore>();

    private async Task<IEnumerable<string>> KeptAsync() => (await Artifacts.ListAsync(_project, 10, default)).Select(artifact => artifact.Release);

    private Task PutAsync(string release, int daysAgo) => Artifacts.PutAsync(
        [new(_project, release, "~/app.js.map", ArtifactKind.Map, "{}"u8.ToArray())], TimeProvider.System.GetUtcNow().AddDays(-daysAgo), default);
}
