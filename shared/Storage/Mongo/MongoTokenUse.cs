using ErrorPipeline.Shared.Storage.Mongo.Bson;

namespace ErrorPipeline.Shared.Storage.Mongo;

/// <summary>What the documents of personal and of upload tokens have in common.</summary>
internal static class MongoTokenUse
{
    public static bool Note(MongoCollection tokens, string id, long at) => tokens.Update(
        w =>
        {
            w.String("_id"u8, StoreText.Clean(id, 100));
            w.Compare("lastUsedAt"u8, "$lt"u8, at - TokenUse.Coarse);
        },
        w => w.Set(fields => fields.Int64("lastUsedAt"u8, at))) > 0;
}
