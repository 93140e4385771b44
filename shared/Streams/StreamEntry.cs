using System.Globalization;
using StackExchange.Redis;

namespace ErrorPipeline.Shared.Streams;

/// <summary>One entry to add: a payload and the number of events in it.</summary>
public sealed record StreamPayload(int Version, long Events, byte[] Data);

/// <summary>One entry as read.</summary>
/// <param name="Version">Of the entry's form, field <c>v</c>; 0 where it is missing or not a number.</param>
/// <param name="Events">Events in it, field <c>n</c>.</param>
/// <param name="IsSuspect">Was set apart: processed alone in quarantine only.</param>
public sealed record StreamEntry(StreamId Id, int Version, long Events, byte[] Data, bool IsSuspect)
{
    /// <summary>From an answer of XRANGE or XREADGROUP. Null for an entry that was deleted meanwhile.</summary>
    internal static StreamEntry? From(RedisResult answer)
    {
        var parts = (RedisResult[])answer;
        if (parts.Length < 2 || parts[1].IsNull)
            return null;
        var fields = (RedisValue[])parts[1];
        var (version, events, data, suspect) = (0, 0L, Array.Empty<byte>(), false);
        for (var i = 0; i + 1 < fields.Length; i += 2)
        {
            switch ((string?)fields[i])
            {
                case "v": _ = int.TryParse((string?)fields[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out version); break;
                case "n": _ = long.TryParse((string?)fields[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out events); break;
                case "d": data = (byte[]?)fields[i + 1] ?? []; break;
                case "q": suspect = true; break;
            }
        }

        return new(StreamId.Parse((string)parts[0]!), version, events, data, suspect);
    }

    internal static List<StreamEntry> FromList(RedisResult answer)
    {
        var entries = new List<StreamEntry>();
        if (answer.IsNull)
            return entries;
        foreach (var item in (RedisResult[])answer)
        {
            if (!item.IsNull && From(item) is { } entry)
                entries.Add(entry);
        }

        return entries;
    }
}
