namespace ErrorPipeline.Shared.Storage.Mongo;

public sealed record MongoErrorStoreOptions
{
    /// <summary>mongodb://HOST/DATABASE or mongodb+srv://, with whatever options the driver knows.</summary>
    public required string Uri { get; init; }

    /// <summary>Clients, each with a thread, that read at the same time.</summary>
    public int ReadClients { get; init; } = 6;

    /// <summary>Samples kept of one fingerprint, novelty first.</summary>
    public int SamplesPerFingerprint { get; init; } = 200;

    /// <summary>Users of a fingerprint that are counted exactly; an estimate beyond.</summary>
    public int ExactUsers { get; init; } = 10_000;

    /// <summary>Values of one dimension of a fingerprint that are counted apart; the rest is counted together.</summary>
    public int ValuesPerFacet { get; init; } = 1_000;

    /// <summary>Values of all dimensions of a fingerprint together.</summary>
    public int FacetRows { get; init; } = 5_000;

    /// <summary>After how long the server itself forgets a sample, whether or not anybody sweeps: longer than retention keeps it. Null for never.</summary>
    public TimeSpan? EventsExpireAfter { get; init; }
}
