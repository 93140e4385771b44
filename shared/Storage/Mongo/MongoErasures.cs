using ErrorPipeline.Shared.Storage.Mongo.Bson;

namespace ErrorPipeline.Shared.Storage.Mongo;

/// <summary>The journal of erasures.</summary>
internal static class MongoErasures
{
    /// <summary>So many of the newest are told to workers: far more than can matter to what is on its way.</summary>
    public const int MostTold = 5_000;

    public static bool Add(MongoCollection erasures, Erasure erasure) => erasures.Insert(w =>
    {
        w.String("_id"u8, erasure.Id);
        w.Int32("project"u8, erasure.ProjectId);
        w.String("hash"u8, erasure.Hash);
        w.String("kind"u8, erasure.Kind);
        w.Int64("at"u8, erasure.At);
        w.StringOrNull("by"u8, StoreText.CleanOrNull(erasure.By, 320));
        w.Int64("events"u8, erasure.Events);
        w.Int64("letters"u8, erasure.Letters);
        w.Int64OrNull("doneAt"u8, erasure.DoneAt);
    });

    public static bool Note(MongoCollection erasures, Erasure erasure) => erasures.Update(BsonQuery.Id(erasure.Id), w => w.Set(fields =>
    {
        fields.Int64("events"u8, erasure.Events);
        fields.Int64("letters"u8, erasure.Letters);
        fields.Int64OrNull("doneAt"u8, erasure.DoneAt);
    })) > 0;

    public static List<Erasure> List(MongoCollection erasures, int? project, int limit) => erasures.Query(
        w =>
        {
            if (project is { } only)
                w.Int32("project"u8, only);
        },
        Read, BsonQuery.Sorted(limit, ("at", -1)));

    private static Erasure Read(BsonView stored) => new(
        stored["_id"u8].String(), stored["project"u8].Int32(), stored["hash"u8].String(), stored["kind"u8].String(), stored["at"u8].Int64(), stored.StringOrNull("by"u8),
        stored["events"u8].Int64(), stored["letters"u8].Int64(), stored.Int64OrNull("doneAt"u8));
}
