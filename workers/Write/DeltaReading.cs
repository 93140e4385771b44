using System.Text.Json;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Shared.Streams;

namespace ErrorPipeline.Workers.Write;

/// <summary>
/// Stream entries turned into what the store applies, up to the first one that this build cannot read. That one is never
/// skipped: what it counts would be lost.
/// </summary>
/// <param name="Unreadable">Why reading stopped; null where all could be read.</param>
internal sealed record Readable<T>(IReadOnlyList<T> Entries, string? Unreadable);

internal static class DeltaReading
{
    public static Readable<LaneEntry> Deltas(IEnumerable<StreamEntry> entries) => UpToTheFirstUnreadable(entries, Delta);

    public static Readable<CommandEntry> Commands(IEnumerable<StreamEntry> entries) => UpToTheFirstUnreadable(entries, Command);

    private static LaneEntry Delta(StreamEntry entry)
    {
        // An entry without a payload only holds a place for an id.
        if (entry.Version == 0)
            return new(entry.Id, new());
        var batch = Read(entry, DeltaBatch.CurrentVersion, ContractsJson.Default.DeltaBatch);
        return batch.V == entry.Version ? new(entry.Id, batch.V == 1 ? batch : RepeatedErrors.FillIn(batch)) : throw new UnknownVersionException(batch.V);
    }

    private static CommandEntry Command(StreamEntry entry)
    {
        var command = Read(entry, StoreCommand.CurrentVersion, ContractsJson.Default.StoreCommand);
        return command.V == entry.Version ? new(entry.Id, command) : throw new UnknownVersionException(command.V);
    }

    /// <param name="known">The newest version; all before it are read too.</param>
    private static T Read<T>(StreamEntry entry, int known, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
        where T : class
    {
        if (entry.Version < 1 || entry.Version > known)
            throw new UnknownVersionException(entry.Version);
        return JsonSerializer.Deserialize(entry.Data, type) ?? throw new JsonException("null");
    }

    private static Readable<T> UpToTheFirstUnreadable<T>(IEnumerable<StreamEntry> entries, Func<StreamEntry, T> read)
    {
        var readable = new List<T>();
        foreach (var entry in entries)
        {
            try
            {
                readable.Add(read(entry));
            }
            catch (Exception e) when (e is UnknownVersionException or JsonException)
            {
                return new(readable, $"entry {entry.Id}: {e.Message}");
            }
        }

        return new(readable, null);
    }
}
