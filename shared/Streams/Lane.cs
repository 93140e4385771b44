using System.Globalization;

namespace ErrorPipeline.Shared.Streams;

/// <summary>
/// A full set of streams whose keys share one Redis Cluster hash slot, so that every hop is one atomic script.
/// An event stays in its lane for life.
/// </summary>
public readonly record struct Lane(int Index)
{
    /// <summary>"lane-07".</summary>
    public string Name { get; } = string.Create(CultureInfo.InvariantCulture, $"lane-{Index:00}");

    public string Raw => Key("raw");
    public string RawBulk => Key("raw-bulk");
    public string Unique => Key("unique");
    public string Normalized => Key("normalized");
    public string Deltas => Key("deltas");
    public string Dead => Key("dead");
    public string Parked => Key("parked");

    /// <summary>Hash: producer id -> last sequence taken from it.</summary>
    public string Producers => Key("producers");

    /// <summary>Hash: outcome -> events, since the lane was made; with the streams' sizes it must balance.</summary>
    public string Ledger => Key("ledger");

    /// <summary>Hash: "project|minute|outcome" -> events, until the writer has been told.</summary>
    public string Outcomes => Key("outcomes");

    /// <summary>Hash: whether the lane balanced when it was last looked at (<c>balanced</c>, 1 or 0), and <c>since</c> when, ms since 1970.</summary>
    public string Balance => Key("balance");

    /// <summary>List of <see cref="Contracts.FateIds"/> as JSON, until the writer has been told. Bounded; the oldest go.</summary>
    public string Fates => Key("fates");

    /// <summary>Hash of counts that are told beside the ledger and are no part of the balance, such as <c>replayed</c> and <c>dead:normalize</c>.</summary>
    public string Notes => Key("notes");

    /// <summary>Hash: what the lane remembers of the events it has seen, generation by generation; the first part of the keys of their sets.</summary>
    public string Seen => Key("ids");

    /// <summary>String: the writer's cursor of <see cref="Deltas"/>.</summary>
    public string Floor => Key("floor");

    /// <summary>Hash: an interval in which counts may be too high, until the writer has told the store.</summary>
    public string Doubt => Key("doubt");

    /// <summary>The key "ep:{lane-07}:name" of this lane.</summary>
    public string Key(string name) => $"ep:{{{Name}}}:{name}";

    /// <summary>Hash of entry id -> events in it, beside a stream: what makes "in flight" a measurement.</summary>
    public static string SizesOf(string stream) => stream + ":sizes";

    /// <summary>Stream of commands from web to the writer; lives in the first lane.</summary>
    public static string Commands => new Lane(0).Key("commands");

    /// <summary>
    /// The lane of an event: FNV-1a (64 bit, Fowler/Noll/Vo) over project and event id, then the finalizer of
    /// MurmurHash3 so that low bits are even. Stable for an installation: changing it moves re-sends to other lanes.
    /// </summary>
    public static Lane Of(int projectId, ReadOnlySpan<char> eventId, int lanes)
    {
        var hash = 14695981039346656037UL;
        for (var shift = 0; shift < 32; shift += 8)
            hash = (hash ^ (byte)(projectId >> shift)) * 1099511628211UL;
        foreach (var c in eventId)
            hash = (hash ^ (byte)c) * 1099511628211UL;
        hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccdUL;
        hash = (hash ^ (hash >> 33)) * 0xc4ceb9fe1a85ec53UL;
        hash ^= hash >> 33;
        return new((int)(hash % (ulong)lanes));
    }

    public static IEnumerable<Lane> All(int lanes) => Enumerable.Range(0, lanes).Select(i => new Lane(i));

    public override string ToString() => Name;
}
