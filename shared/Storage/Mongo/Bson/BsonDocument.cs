namespace ErrorPipeline.Shared.Storage.Mongo.Bson;

/// <summary>A document that was copied to stay.</summary>
internal readonly struct BsonDocument(byte[] bytes)
{
    public BsonView View => new(bytes);
}
