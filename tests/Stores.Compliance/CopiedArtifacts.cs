using ErrorPipeline.Rigs;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Shared.Storage.Mongo;
using ErrorPipeline.Shared.Storage.Sqlite;

namespace ErrorPipeline.Stores.Compliance;

/// <summary>Some source maps and minified files, and whether both copies tell the same of them.</summary>
internal static class CopiedArtifacts
{
    public static async Task WriteAsync(TempFolder folder)
    {
        await using var artifacts = new SqliteArtifactStore(Path.Combine(folder.Path, "artifacts.db"));
        await artifacts.MigrateAsync(default);
        var noise = new byte[1_200_000];
        new Random(1).NextBytes(noise);
        await artifacts.PutAsync(
            [
                new(1, "1.0", "~/a.js.map", ArtifactKind.Map, noise), new(1, "2.0", "~/a.js.map", ArtifactKind.Map, noise) { Dist = "x" },
                new(2, "", "~/b.js", ArtifactKind.Minified, new byte[] { 1 }) { DebugId = Guid.Parse("85314830-023f-4cf1-a267-535f4e37bb17"), MapUrl = "b.map", Problem = "none" },
            ],
            Some.Now, default);
        await artifacts.DeleteAsync(1, (await artifacts.PutAsync([new(1, "3.0", "~/gone.js", ArtifactKind.Minified, new byte[] { 3 })], Some.Now, default)).Single().Id, default);
    }

    public static async Task CompareAsync(TempFolder first, string mongoUri, TempFolder second)
    {
        await using var one = new SqliteArtifactStore(Path.Combine(first.Path, "artifacts.db"));
        await using var mongo = new MongoArtifactStore(mongoUri, TimeProvider.System);
        await using var other = new SqliteArtifactStore(Path.Combine(second.Path, "artifacts.db"));
        foreach (var copy in (IArtifactStore[])[mongo, other])
        {
            foreach (var project in (int[])[1, 2])
            {
                var files = await one.ListAsync(project, 100, default);
                (await copy.ListAsync(project, 100, default)).Should().Equal(files).And.NotBeEmpty();
                foreach (var file in files)
                    (await copy.ReadAsync(file.Hash, default)).Should().Equal(await one.ReadAsync(file.Hash, default));
            }

            (await copy.GetUsageAsync(default)).Should().Be(await one.GetUsageAsync(default));
            (await copy.PutAsync([new(1, "4.0", "~/new.js", ArtifactKind.Minified, new byte[] { 4 })], Some.Now, default)).Single().Id.Should().Be(5, "no number is used again");
        }
    }
}
