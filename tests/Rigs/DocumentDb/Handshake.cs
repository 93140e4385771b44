using ErrorPipeline.Shared.Storage.Mongo.Bson;

namespace ErrorPipeline.DocumentDb;

/// <summary>Commands that need no database.</summary>
internal static class Handshake
{
    /// <summary>As a server of version 6 tells it: a single one, without sessions.</summary>
    public static byte[]? Answer(string name, int connection) => name.ToLowerInvariant() switch
    {
        "hello" or "ismaster" => Hello(connection),
        "buildinfo" => BuildInfo(),
        "ping" or "endsessions" => Ok(),
        _ => null,
    };

    public static byte[] Ok()
    {
        using var reply = new BsonWriter();
        reply.Double("ok"u8, 1);
        return reply.Finish().ToArray();
    }

    private static byte[] Hello(int connection)
    {
        using var reply = new BsonWriter();
        reply.Bool("helloOk"u8, true);
        reply.Bool("ismaster"u8, true);
        reply.Bool("isWritablePrimary"u8, true);
        reply.Int32("maxBsonObjectSize"u8, 16 * 1024 * 1024);
        reply.Int32("maxMessageSizeBytes"u8, 48_000_000);
        // The engine takes no more at once; clients split what is more.
        reply.Int32("maxWriteBatchSize"u8, 25_000);
        reply.DateTime("localTime"u8, TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
        reply.Int32("connectionId"u8, connection);
        reply.Int32("minWireVersion"u8, 0);
        reply.Int32("maxWireVersion"u8, 17);
        reply.Bool("readOnly"u8, false);
        reply.Double("ok"u8, 1);
        return reply.Finish().ToArray();
    }

    private static byte[] BuildInfo()
    {
        using var reply = new BsonWriter();
        reply.String("version"u8, "6.0.0"u8);
        reply.Double("ok"u8, 1);
        return reply.Finish().ToArray();
    }
}
