namespace ErrorPipeline.Shared.Storage.Copying;

/// <summary>
/// One of the stores (errors, configuration or artifacts) at one end of a copy. Throws <see cref="StoreUnavailableException"/> for what is
/// worth trying again, and <see cref="CopyRefusedException"/> for what a person has to change first.
/// </summary>
internal interface IStoreEnd : IAsyncDisposable
{
    /// <summary>For people, without a password.</summary>
    string Name { get; }

    /// <summary>False where nothing was ever kept there.</summary>
    Task<bool> ExistsAsync(CancellationToken cancel);

    /// <summary>Brings the schema up to date.</summary>
    Task PrepareAsync(CancellationToken cancel);

    /// <summary>True where none of the tables has a row.</summary>
    Task<bool> IsEmptyAsync(CancellationToken cancel);

    /// <summary>Deletes every row: of a copy that is to begin anew.</summary>
    Task EmptyAsync(CancellationToken cancel);

    /// <summary>
    /// Makes sure that nobody writes: from now on another <see cref="ReadStampAsync"/> than the one answered tells that somebody did. Of the
    /// errors it takes the lead, so that a writer that ran has to take it back.
    /// </summary>
    Task<string> SealAsync(CancellationToken cancel);

    /// <summary>Changes with what is written by others.</summary>
    Task<string> ReadStampAsync(CancellationToken cancel);

    Task<long> CountAsync(CopiedTable table, CancellationToken cancel);

    /// <summary>The next rows, in an order of this end's own.</summary>
    Task<IReadOnlyList<CopiedRow>> ReadAsync(CopiedTable table, string? after, CancellationToken cancel);

    /// <summary>Adds rows. Repeating it with the same rows changes nothing where the state was not saved meanwhile.</summary>
    Task WriteAsync(CopiedTable table, IReadOnlyList<CopiedRow> rows, CopyState state, CancellationToken cancel);

    /// <summary>The last number that was given out of what is numbered.</summary>
    Task<long> ReadSequenceAsync(CopiedTable table, CancellationToken cancel);

    /// <summary>Numbers given out from now on are higher.</summary>
    Task RaiseSequenceAsync(CopiedTable table, long least, CancellationToken cancel);

    /// <summary>Works out what this engine keeps beside the rows, of some issues after one; the last of them, or null at the end.</summary>
    Task<long?> DeriveAsync(long afterIssue, CancellationToken cancel);

    /// <summary>How far a copy into this end has come; null where none is under way.</summary>
    Task<CopyState?> ReadStateAsync(CancellationToken cancel);

    Task SaveStateAsync(CopyState state, CancellationToken cancel);

    /// <summary>The copy is over: from now on this is a store like any other.</summary>
    Task ForgetStateAsync(CancellationToken cancel);
}

/// <summary>A copy that is not made; the message says what to do.</summary>
public sealed class CopyRefusedException(string message) : Exception(message);
