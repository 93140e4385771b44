using System.Text.Json;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Storage.Mongo.Bson;

namespace ErrorPipeline.Shared.Storage.Mongo;

/// <summary>Short names and links of projects, and the commits of their releases.</summary>
internal static class MongoProjectLinks
{
    /// <summary>Gives projects that were made before theirs, then lets no two have the same.</summary>
    public static void NameOlder(MongoCollection projects)
    {
        var unnamed = projects.Query(w => w.Exists("shortName"u8, false), found => (Id: found["_id"u8].Int32(), Name: found["name"u8].String()), BsonQuery.Sorted(0, ("_id", 1)));
        foreach (var (id, name) in unnamed)
        {
            var free = ProjectShortName.Candidates(name).First(candidate => !IsTaken(projects, candidate));
            projects.Update(w => w.Int32("_id"u8, id), w => w.Set(fields => fields.String("shortName"u8, free)));
        }

        projects.EnsureIndex("shortName", keys => keys.Int32("shortName"u8, 1), unique: true);
    }

    public static bool IsTaken(MongoCollection projects, string shortName) => projects.Count(w => w.String("shortName"u8, shortName), 1) > 0;

    public static ProjectLinks ReadLinks(BsonView stored) => stored.TryFind("links"u8, out var links)
        ? JsonSerializer.Deserialize(links.Binary(), ContractsJson.Default.ProjectLinks) ?? new()
        : new();

    public static bool SetCommits(MongoCollection releases, int project, string release, IReadOnlyList<ReleaseCommit> commits, long at)
    {
        var name = StoreText.Clean(release, DeltaReleases.LongestName);
        releases.Update(
            w => w.String("_id"u8, IdOf(project, name)),
            w => w.Set(fields =>
            {
                fields.Int32("project"u8, project);
                fields.String("release"u8, name);
                fields.Int64("toldAt"u8, at);
                fields.Binary("body"u8, ReleaseCommits.Write(commits));
            }),
            upsert: true);
        var surplus = releases.Query(w => w.Int32("project"u8, project), found => found["_id"u8].String(), options =>
        {
            BsonQuery.Sorted(0, ("toldAt", -1), ("_id", -1))(options);
            using var fields = options.Document("projection"u8);
            options.Int32("_id"u8, 1);
        }).Skip(ReleaseCommits.MostReleases).ToList();
        if (surplus.Count > 0)
            releases.Delete(w => w.In("_id"u8, surplus));
        return true;
    }

    public static IReadOnlyList<ReleaseCommit> Commits(MongoCollection releases, int project, string release) => releases.First(
        w => w.String("_id"u8, IdOf(project, StoreText.Clean(release, DeltaReleases.LongestName))),
        found => ReleaseCommits.Read(found["body"u8].Binary().ToArray())) ?? [];

    public static string IdOf(int project, string release) => $"{project}:{release}";
}
