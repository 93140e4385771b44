using System.Collections.Concurrent;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Web.SourceMaps.Bundles;

namespace ErrorPipeline.Web.SourceMaps.Chunks;

/// <summary>What is to be made of parts that were uploaded.</summary>
internal sealed record AssemblyOrder(string Caller, string Checksum, IReadOnlyList<string> Chunks, IReadOnlyList<int> Projects, string? Release, string? Dist)
{
    public string Key => string.Join('\n', Caller, Checksum, string.Join(',', Projects), Release, Dist);
}

/// <summary>
/// Puts uploads together. Goes on where the client does not wait: it asks again and is told how it ended, once.
/// </summary>
internal sealed partial class Assembly(ChunkShelf shelf, BundleImport import, ILogger<Assembly> log)
{
    /// <summary>Clients that do not ask again learn of a problem only from their first answer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(25);

    private const int MostRemembered = 100;

    private readonly ConcurrentDictionary<string, Task<string?>> _running = new(StringComparer.Ordinal);

    /// <summary>Unpacking takes memory and time; others wait.</summary>
    private readonly SemaphoreSlim _one = new(1);

    /// <summary>The parts that are not there yet.</summary>
    public IReadOnlyList<string> Missing(AssemblyOrder order) =>
        _running.ContainsKey(order.Key) ? [] : [.. order.Chunks.Distinct(StringComparer.Ordinal).Where(chunk => !shelf.Has(order.Caller, chunk))];

    /// <summary>Null while it goes on, "" where it is done, otherwise what was wrong.</summary>
    public async Task<string?> RunAsync(AssemblyOrder order, CancellationToken cancel)
    {
        Forget();
        var work = _running.GetOrAdd(order.Key, _ => Task.Run(() => ImportAsync(order), CancellationToken.None));
        try
        {
            var problem = await work.WaitAsync(Patience, cancel);
            _running.TryRemove(order.Key, out _);
            return problem ?? "";
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    /// <summary>Results that nobody came back for.</summary>
    private void Forget()
    {
        if (_running.Count < MostRemembered)
            return;
        foreach (var (key, _) in _running.Where(work => work.Value.IsCompleted))
            _running.TryRemove(key, out _);
    }

    private async Task<string?> ImportAsync(AssemblyOrder order)
    {
        await _one.WaitAsync();
        try
        {
            await using var whole = await shelf.JoinAsync(order.Caller, order.Chunks, order.Checksum, CancellationToken.None);
            var files = await import.RunAsync(whole, order.Projects, order.Release, order.Dist, CancellationToken.None);
            LogTaken(files, order.Projects[0]);
            return null;
        }
        catch (ArtifactRefusedException e)
        {
            LogRefused(order.Projects[0]);
            return e.Message;
        }
        catch (Exception e) when (e is StoreUnavailableException or IOException)
        {
            LogFailed(e, order.Projects[0]);
            return "The upload could not be stored now: try again in a moment.";
        }
        finally
        {
            _one.Release();
        }
    }

    [LoggerMessage(3201, LogLevel.Information, "{Files} artifacts taken for project {Project}")]
    private partial void LogTaken(int files, int project);

    [LoggerMessage(3202, LogLevel.Information, "a bundle of artifacts for project {Project} was refused")]
    private partial void LogRefused(int project);

    [LoggerMessage(3203, LogLevel.Warning, "a bundle of artifacts for project {Project} could not be stored")]
    private partial void LogFailed(Exception error, int project);
}
