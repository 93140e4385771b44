using ErrorPipeline.Shared.SourceMaps;

namespace ErrorPipeline.Shared.Tests.SourceMaps;

public class SourceMapCacheTests
{
    [Test]
    public async Task Cache_AskedByManyAtOnce_LoadsOnce()
    {
        var cache = new SourceMapCache(1_000_000);
        var gate = new TaskCompletionSource();
        var loads = 0;
        var waiting = Enumerable.Range(0, 20).Select(_ => cache.GetAsync("a", Load)).ToList();
        gate.SetResult();

        (await Task.WhenAll(waiting)).Distinct().Should().ContainSingle();
        (await cache.GetAsync("a", Load)).Should().BeSameAs(cache.Find("a"));
        loads.Should().Be(1);

        async Task<SourceMap?> Load()
        {
            Interlocked.Increment(ref loads);
            await gate.Task;
            return Map(10);
        }
    }

    [Test]
    public async Task Cache_OverItsBudget_DropsWhatWasNotUsedForLongest()
    {
        var size = Map(100).Bytes;
        var cache = new SourceMapCache(size * 3);
        foreach (var key in (string[])["a", "b", "c"])
            await cache.GetAsync(key, () => Task.FromResult<SourceMap?>(Map(100)));
        cache.Find("a").Should().NotBeNull();
        await cache.GetAsync("d", () => Task.FromResult<SourceMap?>(Map(100)));

        cache.Find("b").Should().BeNull();
        cache.Find("a").Should().NotBeNull();
        cache.Bytes.Should().Be(size * 3);
        await cache.GetAsync("huge", () => Task.FromResult<SourceMap?>(Map(5000)));
        cache.Find("huge").Should().BeNull();
        cache.Count.Should().Be(3);
    }

    [Test]
    public async Task Cache_AfterAFailureOrNothing_AsksAgain()
    {
        var cache = new SourceMapCache(1_000_000);
        await FluentActions.Awaiting(() => cache.GetAsync("a", () => throw new SourceMapException("no"))).Should().ThrowAsync<SourceMapException>();
        (await cache.GetAsync("a", () => Task.FromResult<SourceMap?>(null))).Should().BeNull();
        (await cache.GetAsync("a", () => Task.FromResult<SourceMap?>(Map(1)))).Should().NotBeNull();
        cache.Remove("a");
        cache.Find("a").Should().BeNull();
        cache.Bytes.Should().Be(0);
    }

    private static SourceMap Map(int segments) => MapText.Map(Enumerable.Range(0, segments).Select(i => new Mapping(0, i, 0, i, 0)), ["a"], []);
}
