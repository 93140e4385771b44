using System.Text.Json.Serialization;

namespace ErrorPipeline.Shared.Storage.Copying;

/// <summary>How far a copy has come; kept where it goes to.</summary>
/// <param name="Source">Where it comes from.</param>
/// <param name="SourceStamp">As of its begin: another means that the source was written to.</param>
/// <param name="TargetStamp">The same of where it goes to.</param>
/// <param name="Tables">Of each that was begun.</param>
internal sealed record CopyState(string Source, string SourceStamp, string TargetStamp, IReadOnlyDictionary<string, TableState> Tables)
{
    /// <summary>Everything was compared. It stays known until all that was asked for is over.</summary>
    public bool IsOver { get; init; }

    /// <summary>The others that were copied with it are over, too.</summary>
    public bool IsAll { get; init; }

    [JsonIgnore]
    public long Rows => Tables.Values.Sum(table => table.Digest.Rows);

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
