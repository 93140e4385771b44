using System.Diagnostics.CodeAnalysis;

namespace ErrorPipeline.Load.Contenders;

/// <summary>Something that takes errors over HTTP, started afresh for a round and gone after it.</summary>
internal abstract class Contender : IAsyncDisposable
{
    /// <summary>Where this kind of payload is posted to.</summary>
    public abstract Uri Address(PayloadKind kind);

    /// <summary>All its processes, Redis among them; not the clients.</summary>
    public abstract IReadOnlyList<(string Name, int Pid)> Processes { get; }

    /// <summary>Events that have arrived where the measurement ends: in Redis or in the store. Null where it keeps none.</summary>
    public abstract Task<long?> CountedAsync();

    /// <summary>The same by the surest way there is, once everything has arrived.</summary>
    public virtual Task<long?> VerifiedAsync() => CountedAsync();

    /// <summary>For a round that failed.</summary>
    public virtual string Logs() => "";

    public abstract Task StartAsync();

    [SuppressMessage("Usage", "CA1816", Justification = "no finalizer anywhere below")]
    public abstract ValueTask DisposeAsync();
}
