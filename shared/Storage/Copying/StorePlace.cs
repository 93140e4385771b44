using ErrorPipeline.Shared.Storage.Mongo;
using ErrorPipeline.Shared.Storage.Sqlite;

namespace ErrorPipeline.Shared.Storage.Copying;

/// <summary>Where stores are: "sqlite:FOLDER", which has a file for each, "sqlite:FILE.db", which is one of errors alone, or "mongodb://HOST/DATABASE", which has all.</summary>
public sealed class StorePlace
{
    private const string Sqlite = "sqlite:";

    private readonly string _address;
    private readonly bool _isFile;

    private StorePlace(string address, bool isFile) => (_address, _isFile) = (address, isFile);

    /// <exception cref="FormatException">It is none of the three; the message says so.</exception>
    public static StorePlace Parse(string address)
    {
        if (StoreAddress.IsMongo(address))
            return new(address, isFile: false);
        if (!address.StartsWith(Sqlite, StringComparison.Ordinal) || address.Length == Sqlite.Length)
            throw new FormatException($"'{StoreAddress.WithoutPassword(address)}' is no store: sqlite:FOLDER, sqlite:FILE.db or mongodb://HOST/DATABASE");
        var path = Path.GetFullPath(address[Sqlite.Length..]);
        return new(path, File.Exists(path) || (!Directory.Exists(path) && path.EndsWith(".db", StringComparison.Ordinal)));
    }

    /// <summary>For people, without a password.</summary>
    public override string ToString() => StoreAddress.IsMongo(_address) ? StoreAddress.WithoutPassword(_address) : Sqlite + _address;

    /// <summary>
    /// Copies to another place what is here. May be stopped at any moment and run again. Refuses a place that has something already, unless that
    /// is what a copy from here left half done, and a place that somebody writes to.
    /// </summary>
    /// <param name="to">Where to.</param>
    /// <param name="parts">Which; what was never kept here is passed over.</param>
    /// <param name="progress">Told after every few rows.</param>
    /// <param name="cancel">Stops it between two steps.</param>
    /// <returns>The rows of each part that was copied.</returns>
    public async Task<IReadOnlyDictionary<StorePart, long>> CopyAsync(StorePlace to, IReadOnlyCollection<StorePart> parts, IProgress<CopyProgress> progress, CancellationToken cancel)
    {
        if (_address == to._address)
            throw new CopyRefusedException($"{this} cannot be copied to itself");
        var copied = new List<(StorePart Part, CopyState State)>();
        foreach (var part in parts.Where(part => part == StorePart.Errors || !(_isFile || to._isFile)))
        {
            await using var source = Open(part, isTarget: false);
            if (!await source.ExistsAsync(cancel))
                continue;
            await using var target = to.Open(part, isTarget: true);
            // A copy that was stopped while it was ending has nothing left to copy.
            var over = copied is [var (_, first), ..] && first.IsAll ? first : await new StoreCopy(source, target, StoreParts.TablesOf(part), StoreParts.NameOf(part), progress).RunAsync(cancel);
            copied.Add((part, over));
        }

        if (copied.Count == 0)
            throw new CopyRefusedException($"{this} has nothing to copy");
        await EndAsync(to, copied, cancel);
        return copied.ToDictionary(one => one.Part, one => one.State.Rows);
    }

    /// <summary>Until the last of them is over, each is known as part of a copy, that may go on. The first remembers that all are.</summary>
    private static async Task EndAsync(StorePlace to, List<(StorePart Part, CopyState State)> copied, CancellationToken cancel)
    {
        await using (var first = to.Open(copied[0].Part, isTarget: true))
            await first.SaveStateAsync(copied[0].State with { IsAll = true }, cancel);
        foreach (var (part, _) in Enumerable.Reverse(copied))
        {
            await using var target = to.Open(part, isTarget: true);
            await target.ForgetStateAsync(cancel);
        }
    }

    internal IStoreEnd Open(StorePart part, bool isTarget) => StoreAddress.IsMongo(_address)
        ? new MongoStoreEnd(part, _address, isTarget)
        : new SqliteStoreEnd(part, _isFile ? _address : Path.Combine(_address, StoreParts.NameOf(part) + ".db"), isTarget);
}
