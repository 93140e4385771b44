using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Outcomes;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Shared.Streams;
using Microsoft.Extensions.DependencyInjection;

namespace ErrorPipeline.Web.Tests.Pages;

/// <summary>A dashboard that has been in use for a while: a shop and a blog, releases, a merge, a fix that held and one that did not.</summary>
internal sealed class LivedIn : IAsyncDisposable
{
    private LivedIn(DashboardRig rig, int shop, IReadOnlyList<long> issues) => (Rig, Shop, Issues) = (rig, shop, issues);

    public DashboardRig Rig { get; }

    /// <summary>The project's number.</summary>
    public int Shop { get; }

    /// <summary>Of the shop, as <see cref="Some.Shop"/> lists them. The third has the fourth merged into it.</summary>
    public IReadOnlyList<long> Issues { get; }

    public string Event { get; } = Some.Hex("a0");

    public static async Task<LivedIn> StartAsync(params string[] settings)
    {
        var rig = await DashboardRig.StartAsync(settings);
        var now = TimeProvider.System.GetUtcNow();
        var shop = await rig.Config.CreateProjectAsync("Shop", now.AddDays(-100), CancellationToken.None);
        var blog = await rig.Config.CreateProjectAsync("Blog", now.AddDays(-20), CancellationToken.None);
        await rig.Config.AddKeyAsync(shop.Id, now.AddDays(-3), CancellationToken.None);
        await rig.App.Services.GetRequiredService<IArtifactStore>().PutAsync(
            [new(shop.Id, "shop-4.18.2", "~/js/checkout.3f2a1b9c.js.map", ArtifactKind.Map, new byte[300_000])], now, CancellationToken.None);
        await rig.Config.SetPolicyAsync(shop.Id, Policy, CancellationToken.None);
        await rig.Config.SetLinksAsync(shop.Id, Links, CancellationToken.None);
        foreach (var release in (string[])["shop-4.14.0", "shop-4.15.0"])
            await rig.Config.SetReleaseCommitsAsync(shop.Id, release, Commits(now.AddDays(-15)), now, CancellationToken.None);
        await rig.ApplyAsync([.. Enumerable.Range(1, 13).SelectMany(day => Earlier(shop.Id, day, now))]);
        var changes = await rig.ApplyAsync(new DeltaBatch
        {
            Issues = [.. Some.Shop(shop.Id).Select((delta, n) => Told(delta, n, shop.Id)), Some.Delta(blog.Id, "z1", "ReferenceError", "gtag is not defined", count: 7, @class: "third_party", at: now.AddMinutes(-50))],
            Outcomes = [.. Minutes(shop.Id, 40, now), .. Minutes(blog.Id, 3, now), .. Sessions(shop.Id, now)],
        });
        var ids = changes.Where(c => c.ProjectId == shop.Id).Select(c => c.IssueId).ToList();
        var path = $"/issues/{shop.Id}/{ids[2]}";
        using var visitor = await rig.VisitSignedInAsync();
        using var merging = await MergeTests.WhileApplyingAsync(rig, visitor.PostAsync(path, path + "/merge", ("with", $"{ids[3]}")));
        using var resolving = await MergeTests.WhileApplyingAsync(rig, visitor.PostAsync(path, path + "/resolve", ("release", "shop-4.18.1")));
        var held = $"/issues/{shop.Id}/{ids[1]}";
        using var holding = await MergeTests.WhileApplyingAsync(rig, visitor.PostAsync(held, held + "/resolve", ("release", "shop-4.18.3")));
        var late = Some.Delta(shop.Id, "c3", "Error", "payment could not be prepared", count: 14);
        await rig.ApplyAsync(late with { Releases = [new("shop-4.18.3", 14, late.LastReceived, late.LastReceived)] });
        await SomePipeline.FillAsync(rig.App.Services.GetRequiredService<RedisConnection>());
        return new(rig, shop.Id, ids);
    }

    public ValueTask DisposeAsync() => Rig.DisposeAsync();

    private static ProjectLinks Links => new()
    {
        Source = "https://git.example/acme/shop/blob/{commit|main}/{file}#L{line}",
        Commit = "https://git.example/acme/shop/commit/{commit}",
        GitHub = "https://git.example/acme/shop",
    };

    private static IReadOnlyList<ReleaseCommit> Commits(DateTimeOffset at) =>
    [
        new("9f2a94e1c0ffee00112233445566778899aabbcc", "Ann", "Round prices after the discount, not before", at.ToUnixTimeMilliseconds(), ["web/src/checkout.ts", "web/src/price.ts"]),
        new("1234567890abcdef00112233445566778899aabb", "Bob", "Keep the basket when signing in", at.AddHours(-4).ToUnixTimeMilliseconds(), ["web/js/basket.js"]),
        new("5d41402abc4b2a76b9719d911017c59200000000", "Ann", "Write down how prices are rounded", at.AddHours(-9).ToUnixTimeMilliseconds(), ["docs/prices.md"]),
    ];

    private static ProjectPolicy Policy => new()
    {
        Rules = "# what the payment widget throws is one issue a plan\nmessage:*toFixed* -> fingerprint payment-widget {{ tag.plan }}, title \"Payment widget\"\nmessage:\"ResizeObserver loop*\" -> ignore\n",
        Filters = new() { On = ["extension", "web_view", "legacy_browser"], Messages = ["ResizeObserver loop *"] },
        Privacy = new() { Keys = ["customerNumber"], Patterns = ["CUST-[0-9]{6}"] },
    };

    /// <summary>What the last hour brought is told by <see cref="Minutes"/>.</summary>
    private static IssueDelta Told(IssueDelta delta, int n, int project) => delta with
    {
        LastReceived = delta.LastReceived - (delta.Count > 400 ? 3_700_000 : 0),
        // One that happens nearly always on one browser.
        Facets = n == 4 ? [.. delta.Facets.Where(f => f.Dimension != "browser"), new("browser", "Mobile Safari 19", delta.Count * 9 / 10), new("browser", "Chrome 142", delta.Count / 10)] : delta.Facets,
        Clients = [new(n % 3 == 0 ? "sentry" : "native", delta.Count, delta.LastReceived)],
        EventIds = ShortIds.Pack(delta.Samples.Select(s => EventIdentity.Of(project, s.EventId).Short)),
    };

    /// <summary>A release every four days takes over within two.</summary>
    private static IEnumerable<IssueDelta> Earlier(int project, int day, DateTimeOffset now)
    {
        var at = now.AddDays(-day);
        var newest = 4 - (day / 4);
        var taken = day % 4 switch { 3 => 30, 2 => 75, _ => 95 };
        foreach (var (release, percent) in new[] { (newest, taken), (newest - 1, 100 - taken) })
        {
            var delta = Some.Delta(project, "a1", message: "Cannot read properties of undefined (reading 'toFixed')", count: percent * (9 + (day % 3)), at: at);
            yield return delta with { Releases = [new($"shop-4.{14 + release}.0", delta.Count, delta.LastReceived, delta.LastReceived)] };
        }
    }

    private static IEnumerable<OutcomeCount> Sessions(int project, DateTimeOffset now) =>
        from told in new[] { (Release: "shop-4.18.2", Started: 18_400, Hit: 302, Crashed: 61), (Release: "shop-4.18.1", Started: 2_150, Hit: 20, Crashed: 3), (Release: "shop-4.18.3", Started: 96, Hit: 2, Crashed: 0) }
        from one in new[] { (Kind: SessionOutcome.Started, Count: told.Started), (Kind: SessionOutcome.Hit, Count: told.Hit), (Kind: SessionOutcome.Crashed, Count: told.Crashed) }
        where one.Count > 0
        select new OutcomeCount(project, now.ToUnixTimeSeconds() / 60, new SessionOutcome(one.Kind, "production", told.Release).ToString(), one.Count);

    private static IEnumerable<OutcomeCount> Minutes(int project, int usual, DateTimeOffset now)
    {
        var minute = now.ToUnixTimeSeconds() / 60;
        return Enumerable.Range(0, 58).SelectMany(m => new OutcomeCount[]
        {
            new(project, minute - m, "accepted", usual + (m * 17 % 60)), new(project, minute - m, "stored", usual - 4 + (m * 17 % 60) + (m is 21 or 22 ? 3 * usual : 0)), new(project, minute - m, "duplicate", m % 7),
            new(project, minute - m, "filtered:extension", m * 5 % 11), new(project, minute - m, "suppressed", m % 13 == 0 ? 40 : 0), new(project, minute - m, "rejected:too_large", m % 17 == 0 ? 2 : 0),
        }).Where(outcome => outcome.Count > 0);
    }
}
