using ErrorPipeline.Shared.Storage.Mongo.Bson;

namespace ErrorPipeline.Shared.Storage.Mongo;

/// <summary>Saved searches of the configuration, by owner and name.</summary>
internal static class MongoSearches
{
    private const int LongestName = 80;
    private const int LongestQuery = 2_000;
    private const int MostPerUser = 200;

    public static long Save(MongoCollection searches, SavedSearch search, Func<long> next)
    {
        var name = StoreText.Clean(search.Name.Trim(), LongestName);
        var id = IdOf(search.UserId, name);
        var known = searches.Query(BsonQuery.Id(id), found => found["n"u8].Int64());
        if (known.Count == 0 && searches.Count(BsonQuery.Number("user", search.UserId), MostPerUser) >= MostPerUser)
            throw new ArgumentException($"There are {MostPerUser} searches already: delete one first.", nameof(search));
        var number = known.Count > 0 ? known[0] : next();
        searches.Update(
            BsonQuery.Id(id),
            w => w.Set(fields =>
            {
                fields.Int64("n"u8, number);
                fields.Int64("user"u8, search.UserId);
                fields.Int64OrNull("project"u8, search.ProjectId);
                fields.String("name"u8, name);
                fields.String("query"u8, StoreText.Clean(search.Query, LongestQuery));
                fields.Bool("shared"u8, search.IsShared);
            }),
            upsert: true);
        return number;
    }

    public static string IdOf(long user, string name) => $"{user}:{name}";

    public static IReadOnlyList<SavedSearch> List(MongoCollection searches, long user) => searches.Query(
        w =>
        {
            using var either = w.Array("$or"u8);
            using (w.Document(default))
                w.Int64("user"u8, user);
            using (w.Document(default))
                w.Bool("shared"u8, true);
        },
        found => new SavedSearch(
            found["n"u8].Int64(), found["user"u8].Int64(), (int?)found.Int64OrNull("project"u8), found["name"u8].String(), found["query"u8].String(), found["shared"u8].Bool()),
        BsonQuery.Sorted(500, ("name", 1), ("n", 1)));

    public static bool Delete(MongoCollection searches, long user, long id) => searches.Delete(w =>
    {
        w.Int64("n"u8, id);
        w.Int64("user"u8, user);
    }) > 0;
}
