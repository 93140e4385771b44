using ErrorPipeline.Rigs;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Shared.Storage.Mongo;
using ErrorPipeline.Shared.Storage.Sqlite;

namespace ErrorPipeline.Stores.Compliance;

/// <summary>Some of everything that people configure, and whether both copies tell the same of it.</summary>
internal static class CopiedConfig
{
    public static async Task WriteAsync(TempFolder folder)
    {
        await using var config = new SqliteConfigStore(Path.Combine(folder.Path, "config.db"));
        await config.MigrateAsync(default);
        var project = await config.CreateProjectAsync("Shop <b>", Some.Now, default);
        await config.UpdateProjectAsync(project.Id, "Shop <b>", ["https://shop.test", "https://*.shop.test"], 500, default);
        await config.SetPolicyAsync(project.Id, new(), default);
        await config.AddKeyAsync(project.Id, Some.Now, default);
        await config.RevokeKeyAsync(project.Id, project.Keys[0].Key, Some.Now, default);
        await config.CreateProjectAsync("Other", Some.Now, default);
        await config.CreateUserAsync("Ann@example.com", "hash", Some.Now, default);
        await config.AddToOutboxAsync(Some.Command(CommandKind.Resolve, 1, at: 5), default);
        await config.SetLinksAsync(project.Id, new() { GitHub = "https://git.example/shop" }, default);
        await config.SetReleaseCommitsAsync(project.Id, "1.0", [new("abc", "Ann", "Round", 5, ["a.ts"])], Some.Now, default);
        await config.AddUploadTokenAsync(new("id", project.Id, "CI", [1, 2, 3], 5, null), default);
        await config.AddApiTokenAsync(new("id1", 1, "nightly", [1, 2, 3], "read", 5, null, null), default);
        await config.AddApiTokenAsync(new("id2", 1, "report", [4, 5, 6], "admin", 6, 7, null), default);
        await config.NoteApiTokenUseAsync("id2", Some.Now, default);
        await config.AddErasureAsync(new("e1", project.Id, "hash", "user id", 5, null, 0, 0, null), default);
        await config.AddErasureAsync(new("e2", project.Id, "hash2", "user id", 6, "ann", 1, 2, 7), default);
    }

    public static async Task CompareAsync(TempFolder first, string mongoUri, TempFolder second)
    {
        await using var one = new SqliteConfigStore(Path.Combine(first.Path, "config.db"));
        await using var mongo = new MongoConfigStore(mongoUri, TimeProvider.System);
        await using var other = new SqliteConfigStore(Path.Combine(second.Path, "config.db"));
        foreach (var copy in (IConfigStore[])[mongo, other])
        {
            (await copy.ListProjectsAsync(default)).Should().BeEquivalentTo(await one.ListProjectsAsync(default));
            var (snapshot, before) = (await copy.GetSnapshotAsync(default), await one.GetSnapshotAsync(default));
            snapshot.Projects.Should().BeEquivalentTo(before.Projects);
            snapshot.Revision.Should().BeGreaterThan(before.Revision, "collectors take what is newer");
            (await copy.FindUserAsync("ann@EXAMPLE.com", default)).Should().BeEquivalentTo(await one.FindUserAsync("ann@example.com", default)).And.NotBeNull();
            (await copy.ListOutboxAsync(default)).Should().BeEquivalentTo(await one.ListOutboxAsync(default));
            (await copy.ListUploadTokensAsync(1, default)).Should().BeEquivalentTo(await one.ListUploadTokensAsync(1, default));
            (await copy.ListApiTokensAsync(1, default)).Should().BeEquivalentTo(await one.ListApiTokensAsync(1, default)).And.HaveCount(2);
            (await copy.ListErasuresAsync(null, 9, default)).Should().BeEquivalentTo(await one.ListErasuresAsync(null, 9, default)).And.HaveCount(2);
            (await copy.ListUsersAsync(default)).Should().BeEquivalentTo(await one.ListUsersAsync(default));
            (await copy.ListReleaseCommitsAsync(1, "1.0", default)).Should().BeEquivalentTo(await one.ListReleaseCommitsAsync(1, "1.0", default)).And.NotBeEmpty();
            (await copy.CreateProjectAsync("Next", Some.Now, default)).Id.Should().Be(3);
        }
    }
}
