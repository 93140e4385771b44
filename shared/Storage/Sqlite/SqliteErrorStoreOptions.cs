namespace ErrorPipeline.Shared.Storage.Sqlite;

public sealed record SqliteErrorStoreOptions
{
    /// <summary>The database file. Its folder must be writable for readers too: SQLite keeps its shared index beside the file.</summary>
    public required string Path { get; init; }

    /// <summary>How long to wait for another process's lock before <see cref="StoreUnavailableException"/>.</summary>
    public TimeSpan BusyTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Connections, each with a thread, that read at the same time. Made when they are needed.</summary>
    public int ReadConnections { get; init; } = 3;

    /// <summary>Samples kept of one fingerprint, novelty first.</summary>
    public int SamplesPerFingerprint { get; init; } = 200;

    /// <summary>Users of a fingerprint that are counted exactly; an estimate beyond.</summary>
    public int ExactUsers { get; init; } = 10_000;

    /// <summary>Values of one dimension of a fingerprint that are counted apart; the rest is counted together.</summary>
    public int ValuesPerFacet { get; init; } = 1_000;

    /// <summary>Values of all dimensions of a fingerprint together.</summary>
    public int FacetRows { get; init; } = 5_000;
}
