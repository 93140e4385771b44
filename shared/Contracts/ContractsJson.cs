using System.Text.Json.Serialization;
using ErrorPipeline.Shared.Storage;

namespace ErrorPipeline.Shared.Contracts;

/// <summary>Source-generated JSON of all messages: camelCase, nulls left out, no reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(NormalizedError))]
[JsonSerializable(typeof(DeltaBatch))]
[JsonSerializable(typeof(FateIds))]
[JsonSerializable(typeof(EventSample))]
[JsonSerializable(typeof(StoreCommand))]
[JsonSerializable(typeof(ConfigSnapshot))]
[JsonSerializable(typeof(ProjectPolicy))]
[JsonSerializable(typeof(ProjectLinks))]
[JsonSerializable(typeof(IReadOnlyList<ReleaseCommit>))]
[JsonSerializable(typeof(RemapProgress))]
[JsonSerializable(typeof(IReadOnlyList<Occurrence>))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(IReadOnlyList<IssueChange>))]
[JsonSerializable(typeof(IReadOnlyList<EventFeedback>))]
public sealed partial class ContractsJson : JsonSerializerContext;
