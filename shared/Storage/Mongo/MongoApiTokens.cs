using ErrorPipeline.Shared.Storage.Mongo.Bson;

namespace ErrorPipeline.Shared.Storage.Mongo;

/// <summary>The personal tokens of the configuration.</summary>
internal static class MongoApiTokens
{
    public static bool Add(MongoCollection tokens, ApiToken token) => tokens.Insert(w =>
    {
        w.String("_id"u8, token.Id);
        w.Int64("user"u8, token.UserId);
        w.String("name"u8, StoreText.Clean(token.Name, 80));
        w.Binary("hash"u8, token.Hash);
        w.String("scope"u8, StoreText.Clean(token.Scope, 20));
        w.Int64("createdAt"u8, token.CreatedAt);
        w.Int64OrNull("expiresAt"u8, token.ExpiresAt);
        w.Int64("lastUsedAt"u8, 0);
    });

    public static List<ApiToken> List(MongoCollection tokens, long user) =>
        tokens.Query(w => w.Int64("user"u8, user), Read, BsonQuery.Sorted(0, ("createdAt", -1), ("_id", 1)));

    public static ApiToken? Find(MongoCollection tokens, string id) => tokens.First(BsonQuery.Id(StoreText.Clean(id, 100)), Read);

    public static bool Delete(MongoCollection tokens, long user, string id) => tokens.Delete(w =>
    {
        w.String("_id"u8, StoreText.Clean(id, 100));
        w.Int64("user"u8, user);
    }) > 0;

    private static ApiToken Read(BsonView stored) => new(
        stored["_id"u8].String(), stored["user"u8].Int64(), stored["name"u8].String(), stored["hash"u8].Binary().ToArray(), stored["scope"u8].String(),
        stored["createdAt"u8].Int64(), stored.Int64OrNull("expiresAt"u8), stored["lastUsedAt"u8].Int64() is > 0 and var used ? used : null);
}
