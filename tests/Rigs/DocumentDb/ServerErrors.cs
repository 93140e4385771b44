using ErrorPipeline.Shared.Storage.Mongo.Bson;

namespace ErrorPipeline.DocumentDb;

/// <summary>
/// DocumentDB has error codes of its own: SQLSTATEs that begin with M, inside replies in the form PostgreSQL packs them. Those that
/// clients act on are told by MongoDB's numbers.
/// </summary>
internal static class ServerErrors
{
    public const int CursorNotFound = 43;
    public const int CommandNotFound = 59;
    public const int ShutdownInProgress = 91;
    private const int UnknownError = 8;

    private static readonly Dictionary<string, int> Codes = new()
    {
        ["M0001"] = 2, // BadValue
        ["M0004"] = 14, // TypeMismatch
        ["M001C"] = 11000, // DuplicateKey
        ["23505"] = 11000, // a unique index of PostgreSQL's own
        ["40P01"] = 112, // deadlock: WriteConflict
        ["40001"] = 112,
        ["57P01"] = ShutdownInProgress,
        ["57P02"] = ShutdownInProgress,
        ["57P03"] = ShutdownInProgress,
        ["57014"] = 50, // MaxTimeMSExpired
    };

    public static int CodeOf(string sqlState) => Codes.GetValueOrDefault(sqlState, UnknownError);

    public static byte[] Reply(int code, string message)
    {
        using var reply = new BsonWriter();
        reply.Double("ok"u8, 0);
        reply.Int32("code"u8, code);
        reply.String("errmsg"u8, message);
        if (code == ShutdownInProgress)
        {
            using (reply.Array("errorLabels"u8))
                reply.String(default, "RetryableWriteError"u8);
        }

        return reply.Finish().ToArray();
    }

    /// <summary>The same reply with the codes of its write errors told as clients know them.</summary>
    public static byte[] Translate(byte[] reply)
    {
        var from = new BsonView(reply);
        if (!from.TryFind("writeErrors"u8, out _))
            return reply;
        using var to = new BsonWriter(reply.Length + 64);
        foreach (var element in from)
        {
            if (!element.Key.SequenceEqual("writeErrors"u8))
            {
                to.Copy(element.Key, element);
                continue;
            }

            using (to.Array(element.Key))
            {
                foreach (var error in element.Document())
                {
                    using (to.Document(default))
                        Translate(error.Document(), to);
                }
            }
        }

        return to.Finish().ToArray();
    }

    private static void Translate(BsonView error, BsonWriter to)
    {
        foreach (var element in error)
        {
            if (element.Key.SequenceEqual("code"u8))
                to.Int32(element.Key, CodeOf(Unpack(element.Int32())));
            else
                to.Copy(element.Key, element);
        }
    }

    /// <summary>Five characters of six bits each.</summary>
    private static string Unpack(int packed) => string.Create(5, packed, (text, rest) =>
    {
        for (var i = 0; i < text.Length; i++)
            text[i] = (char)('0' + ((rest >> (6 * i)) & 0x3F));
    });
}
