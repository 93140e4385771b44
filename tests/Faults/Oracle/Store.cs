namespace ErrorPipeline.Faults.Oracle;

/// <summary>What is stored, whatever the engine. While it cannot be read nothing is there.</summary>
internal abstract class Store : IDisposable
{
    /// <summary>Title of each issue of a project to what it counts.</summary>
    public abstract IReadOnlyDictionary<string, (long Count, long Users)> Issues(int project);

    public abstract long Events { get; }

    public abstract IReadOnlyList<(string Lane, long FromMs, long ToMs, string Reason)> Approximate { get; }

    public abstract long FirstSeen { get; }

    public abstract long LastSeen { get; }

    /// <summary>Where it is, for a store in a file.</summary>
    public virtual string File => throw new InvalidOperationException("this store is no file");

    /// <summary>"ok", or what is wrong with the file.</summary>
    public virtual string Integrity => throw new InvalidOperationException("this store is no file");

    public abstract void Dispose();
}
