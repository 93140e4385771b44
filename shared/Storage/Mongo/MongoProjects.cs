using System.Text.Json;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Storage.Mongo.Bson;

namespace ErrorPipeline.Shared.Storage.Mongo;

/// <summary>Projects and their keys. A key is a document of its own, so that no document grows.</summary>
/// <param name="nextKey">Numbers keys in the order in which they are made.</param>
internal sealed class MongoProjects(MongoCollection projects, MongoCollection keys, Func<long> nextKey)
{
    public MongoCollection Keys => keys;

    public MongoCollection All => projects;

    public bool Has(int id) => projects.Count(w => w.Int32("_id"u8, id)) > 0;

    public Project? Find(int id) => List(w => w.Int32("_id"u8, id), w => w.Int32("project"u8, id)).FirstOrDefault()?.Project;

    public IReadOnlyList<StoredProject> List() => List(_ => { }, _ => { });

    /// <summary>The key first: one without a project opens nothing, a project without one is no use.</summary>
    public Project Create(int id, string name, long at)
    {
        var key = AddKey(id, at);
        // Another project may take a name between the look and the insert, which the index then refuses.
        var shortName = ProjectShortName.Candidates(name).First(candidate => !MongoProjectLinks.IsTaken(projects, candidate) && projects.Insert(w =>
        {
            w.Int32("_id"u8, id);
            w.String("name"u8, name);
            w.Int64("createdAt"u8, at);
            w.String("salt"u8, MongoConfig.RandomHex());
            w.String("shortName"u8, candidate);
            w.Array("origins"u8).Dispose();
        }));
        return new(id, name, [key], [], null, at) { ShortName = shortName };
    }

    public bool Update(int id, string name, IReadOnlyList<string> origins, int? eventsPerMinute) => Set(id, w =>
    {
        w.String("name"u8, name);
        using (w.Array("origins"u8))
        {
            foreach (var origin in origins)
                w.String(default, StoreText.Clean(origin, 500));
        }

        if (eventsPerMinute is { } limit)
            w.Int32("eventsPerMinute"u8, limit);
        else
            w.Null("eventsPerMinute"u8);
    });

    public bool SetPolicy(int id, ProjectPolicy policy) =>
        Set(id, w => w.Binary("policy"u8, JsonSerializer.SerializeToUtf8Bytes(policy, ContractsJson.Default.ProjectPolicy)));

    public bool SetLinks(int id, ProjectLinks links) =>
        Set(id, w => w.Binary("links"u8, JsonSerializer.SerializeToUtf8Bytes(links, ContractsJson.Default.ProjectLinks)));

    public ProjectKey AddKey(int project, long at)
    {
        var number = nextKey();
        var key = new ProjectKey(MongoConfig.RandomHex(), at, null);
        keys.Insert(w =>
        {
            w.String("_id"u8, key.Key);
            w.Int64("number"u8, number);
            w.Int32("project"u8, project);
            w.Int64("createdAt"u8, at);
            w.Null("revokedAt"u8);
        });
        return key;
    }

    public void RevokeKey(int project, string key, long at) => keys.Update(
        w =>
        {
            w.String("_id"u8, key);
            w.Int32("project"u8, project);
            w.Null("revokedAt"u8);
        },
        w =>
        {
            using var set = w.Document("$set"u8);
            w.Int64("revokedAt"u8, at);
        });

    private bool Set(int id, Action<BsonWriter> fields) => projects.Update(w => w.Int32("_id"u8, id), w =>
    {
        using var set = w.Document("$set"u8);
        fields(w);
    }) > 0;

    private List<StoredProject> List(Action<BsonWriter> which, Action<BsonWriter> whoseKeys)
    {
        var byProject = keys.Query(whoseKeys, ReadKey, ByNumber).ToLookup(stored => stored.Project, stored => stored.Key);
        return projects.Query(which, stored => Read(stored, [.. byProject[stored["_id"u8].Int32()]]), options =>
        {
            using var sort = options.Document("sort"u8);
            options.Int32("_id"u8, 1);
        });
    }

    private static void ByNumber(BsonWriter options)
    {
        using var sort = options.Document("sort"u8);
        options.Int32("number"u8, 1);
    }

    private static (int Project, ProjectKey Key) ReadKey(BsonView stored) => (
        stored["project"u8].Int32(),
        new(stored["_id"u8].String(), stored["createdAt"u8].Int64(), stored["revokedAt"u8] is { IsNull: false } at ? at.Int64() : null));

    private static StoredProject Read(BsonView stored, IReadOnlyList<ProjectKey> keys)
    {
        List<string> origins = [];
        foreach (var origin in stored["origins"u8].Document())
            origins.Add(origin.String());
        int? limit = stored.TryFind("eventsPerMinute"u8, out var told) && !told.IsNull ? told.Int32() : null;
        var policy = stored.TryFind("policy"u8, out var decided)
            ? JsonSerializer.Deserialize(decided.Binary(), ContractsJson.Default.ProjectPolicy)
            : null;
        return new(
            new(stored["_id"u8].Int32(), stored["name"u8].String(), keys, origins, limit, stored["createdAt"u8].Int64())
            {
                Policy = policy ?? new(),
                ShortName = stored.StringOrNull("shortName"u8) ?? "",
                Links = MongoProjectLinks.ReadLinks(stored),
            },
            stored["salt"u8].String());
    }
}

/// <param name="Salt">Keys the hashes that tell its users apart.</param>
internal sealed record StoredProject(Project Project, string Salt)
{
    public ProjectConfig ToConfig() => new()
    {
        Id = Project.Id,
        Name = Project.Name,
        Keys = [.. Project.Keys.Where(key => key.RevokedAt is null).Select(key => key.Key)],
        AllowedOrigins = Project.AllowedOrigins,
        EventsPerMinute = Project.EventsPerMinute,
        Policy = Project.Policy,
        UserSalt = Salt,
    };
}
