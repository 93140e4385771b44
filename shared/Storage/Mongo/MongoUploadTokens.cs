using ErrorPipeline.Shared.Storage.Mongo.Bson;

namespace ErrorPipeline.Shared.Storage.Mongo;

/// <summary>The upload tokens of the configuration.</summary>
internal static class MongoUploadTokens
{
    public static bool Add(MongoCollection tokens, UploadToken token) => tokens.Insert(w =>
    {
        w.String("_id"u8, token.Id);
        w.Int32("project"u8, token.ProjectId);
        w.String("name"u8, StoreText.Clean(token.Name, 80));
        w.Binary("hash"u8, token.Hash);
        w.Int64("createdAt"u8, token.CreatedAt);
        w.Int64("lastUsedAt"u8, 0);
    });

    public static List<UploadToken> List(MongoCollection tokens, int project) => tokens.Query(w => w.Int32("project"u8, project), Read, options =>
    {
        using var sort = options.Document("sort"u8);
        options.Int32("createdAt"u8, -1);
        options.Int32("_id"u8, 1);
    });

    public static UploadToken? Find(MongoCollection tokens, string id) => tokens.First(w => w.String("_id"u8, StoreText.Clean(id, 100)), Read);

    public static bool Delete(MongoCollection tokens, int project, string id) => tokens.Delete(w =>
    {
        w.String("_id"u8, StoreText.Clean(id, 100));
        w.Int32("project"u8, project);
    }) > 0;

    private static UploadToken Read(BsonView stored) => new(
        stored["_id"u8].String(), stored["project"u8].Int32(), stored["name"u8].String(), stored["hash"u8].Binary().ToArray(),
        stored["createdAt"u8].Int64(), stored["lastUsedAt"u8].Int64() is > 0 and var used ? used : null);
}
