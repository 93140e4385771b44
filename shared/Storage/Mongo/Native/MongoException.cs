using ErrorPipeline.Shared.Storage.Mongo.Bson;

namespace ErrorPipeline.Shared.Storage.Mongo.Native;

/// <summary>What the driver or the server answered instead of a result.</summary>
internal sealed class MongoException(string message, int code, IReadOnlyList<string> labels, bool fromServer) : Exception(message)
{
    public const int DuplicateKey = 11000;

    // Numbers of mongoc_error_domain_t.
    private const uint WriteConcern = 16;
    private const uint Server = 17;

    /// <summary>The server's code; the driver's own where <see cref="FromServer"/> is false.</summary>
    public int Code { get; } = code;

    /// <summary>Such as RetryableWriteError.</summary>
    public IReadOnlyList<string> Labels { get; } = labels;

    /// <summary>False where no server could be reached, or the connection broke: the command may have been carried out or not.</summary>
    public bool FromServer { get; } = fromServer;

    /// <summary>Worth trying again: nothing is wrong with the command itself.</summary>
    public bool IsTransient => !FromServer || Labels.Contains("RetryableWriteError") || Labels.Contains("TransientTransactionError") || TransientCodes.Contains(Code);

    // Stepping down, starting, shutting down, no primary, out of time, out of disk or memory, killed by an operator, not allowed yet.
    private static readonly HashSet<int> TransientCodes =
        [6, 7, 13, 18, 24, 50, 64, 75, 89, 91, 100, 112, 133, 134, 146, 189, 202, 262, 314, 9001, 10107, 11600, 11601, 11602, 11604, 13388, 13435, 13436, 14031];

    public static MongoException Of(in NativeError error, BsonView reply)
    {
        List<string> labels = [];
        if (reply.TryFind("errorLabels"u8, out var told) && told.Type == BsonType.Array)
        {
            foreach (var label in told.Document())
                labels.Add(label.String());
        }

        var code = reply.TryFind("code"u8, out var number) ? number.Int32() : (int)error.Code;
        return new(error.Message, code, labels, error.Domain is Server or WriteConcern);
    }
}
