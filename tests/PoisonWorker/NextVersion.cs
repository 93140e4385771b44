using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Workers;
using ErrorPipeline.Workers.Normalize.Policies;
using ErrorPipeline.Workers.Pumping;

namespace ErrorPipeline.PoisonWorker;

/// <summary>
/// The build after this one: its normalize writes messages with a field more, or, where the file says so, of a version that this build does not
/// know; its aggregate reads both.
/// </summary>
internal static class NextVersion
{
    private const int Version = NormalizedError.CurrentVersion + 1;

    /// <summary>Names a file; what it holds at the start decides what normalize writes.</summary>
    private const string Mode = "NEXT_VERSION";

    private static readonly bool IsUnknown = Environment.GetEnvironmentVariable(Mode) is { } file && File.Exists(file) && File.ReadAllText(file).Trim() == "unknown";

    public static readonly StageSpec<UniqueError, NormalizeFacts, NormalizedError> Normalize = Pipeline.Normalize with
    {
        LoadFacts = (_, _, _) => Task.FromResult(NormalizeFacts.None),
        Out = Forms.ToNormalized with { Write = results => [.. Forms.ToNormalized.Write(results).Select(Newer)] },
    };

    public static readonly StageSpec<NormalizedError, NoFacts, IssueDelta> Aggregate = Pipeline.Aggregate with
    {
        In = Forms.Normalized with { Version = Version, Read = Read },
    };

    private static Shared.Streams.StreamPayload Newer(Shared.Streams.StreamPayload payload)
    {
        var framed = new System.Buffers.ArrayBufferWriter<byte>();
        foreach (var bytes in MessageFrames.Split(payload.Data))
        {
            var message = JsonNode.Parse(bytes.Span)!.AsObject();
            message["weather"] = new JsonObject { ["degrees"] = 21 };
            if (IsUnknown)
                message["v"] = Version;
            MessageFrames.Append(framed, JsonSerializer.SerializeToUtf8Bytes(message));
        }

        return new(IsUnknown ? Version : payload.Version, payload.Events, framed.WrittenSpan.ToArray());
    }

    private static NormalizedError Read(ReadOnlyMemory<byte> bytes)
    {
        var message = JsonNode.Parse(bytes.Span)!.AsObject();
        message["v"] = NormalizedError.CurrentVersion;
        return Forms.Normalized.Read(Encoding.UTF8.GetBytes(message.ToJsonString()));
    }
}
