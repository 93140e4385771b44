using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace ErrorPipeline.Collector.Admission;

/// <summary>
/// An event without an id that is sent again because the first connection broke before its answer must not count twice. The ids
/// that the collector made are remembered until the answer is out, and for a minute where it never was. Equal bodies that
/// were answered are different events. Bounded; thread-safe.
/// </summary>
internal sealed class UnansweredRequests(TimeProvider time)
{
    private const int Most = 20_000;
    private static readonly TimeSpan Remembered = TimeSpan.FromSeconds(60);

    private readonly Lock _gate = new();
    private readonly Dictionary<UInt128, Entry> _entries = [];

    /// <summary>Who sent what.</summary>
    public static UInt128 KeyOf(string apiKey, string? client, string? userAgent, ReadOnlySpan<byte> body)
    {
        Span<byte> hashes = stackalloc byte[64];
        SHA256.HashData(body, hashes);
        SHA256.HashData(Encoding.UTF8.GetBytes($"{apiKey}\n{client}\n{userAgent}"), hashes[32..]);
        return BinaryPrimitives.ReadUInt128LittleEndian(hashes) ^ BinaryPrimitives.ReadUInt128LittleEndian(hashes[32..]);
    }

    /// <summary>The ids to use: new ones, or those of the same request whose connection broke.</summary>
    public string[] Begin(UInt128 key, CancellationToken aborted, Func<string[]> make)
    {
        lock (_gate)
        {
            var known = _entries.TryGetValue(key, out var entry);
            if (known && entry!.WasBroken && !IsExpired(entry))
            {
                _entries[key] = new(entry.Ids, aborted);
                return entry.Ids;
            }

            var ids = make();
            if (!known || IsExpired(entry!))
                Add(key, new(ids, aborted));
            return ids;
        }
    }

    /// <summary>The answer was handed over, or nothing was taken: from now on the same body is another event.</summary>
    public void Forget(UInt128 key, string[] ids)
    {
        lock (_gate)
        {
            if (_entries.TryGetValue(key, out var entry) && ReferenceEquals(entry.Ids, ids))
                _entries.Remove(key);
        }
    }

    /// <summary>The events are taken, but nobody was told.</summary>
    public void Broken(UInt128 key, string[] ids)
    {
        lock (_gate)
        {
            if (_entries.TryGetValue(key, out var entry) && ReferenceEquals(entry.Ids, ids))
                _entries[key] = entry with { BrokenAt = time.GetTimestamp() };
        }
    }

    private void Add(UInt128 key, Entry entry)
    {
        if (_entries.Count >= Most)
            foreach (var (old, _) in _entries.Where(e => IsExpired(e.Value)).ToList())
                _entries.Remove(old);
        if (_entries.Count < Most)
            _entries[key] = entry;
    }

    private bool IsExpired(Entry entry) => entry.BrokenAt is { } at && time.GetElapsedTime(at) > Remembered;

    private sealed record Entry(string[] Ids, CancellationToken Aborted)
    {
        public long? BrokenAt { get; init; }

        /// <summary>Also true while the broken request is still being made durable: its client does not wait for that.</summary>
        public bool WasBroken => BrokenAt is not null || Aborted.IsCancellationRequested;
    }
}
