using System.Text.Json.Serialization;

namespace ErrorPipeline.Shared.Storage.Copying;

/// <summary>How far a copy has come; kept where it goes to.</summary>
/// <param name="Source">Where it comes from.</param>
/// <param name="SourceStamp">As of its begin: another means that the source was written to.</param>
/// <param name="TargetStamp">The same of where it goes to.</param>
/// <param name="Tables">Of each that was begun.</param>
internal sealed record CopyState(string Source, string SourceStamp, string TargetStamp, IReadOnlyDictionary<string, TableState> Tables)
{
    public TableState Of(CopiedTable table) => Tables.TryGetValue(table.Name, out var known) ? known : TableState.Begin;

    public CopyState With(CopiedTable table, TableState state) => this with { Tables = new Dictionary<string, TableState>(Tables) { [table.Name] = state } };
}

/// <param name="After">Where reading goes on; null at the beginning.</param>
/// <param name="Digest">Of what was read.</param>
internal sealed record TableState(string? After, bool IsDone, CopyDigest Digest)
{
    public static readonly TableState Begin = new(null, false, default);
}

[JsonSerializable(typeof(CopyState))]
internal sealed partial class CopyJson : JsonSerializerContext;
