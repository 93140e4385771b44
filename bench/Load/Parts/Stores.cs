using ErrorPipeline.Load.Contenders;
using ErrorPipeline.Rigs;

namespace ErrorPipeline.Load.Parts;

/// <summary>The same load into either store. The server of MongoDB's rig shares the two cores; its CPU is not in the table.</summary>
internal static class Stores
{
    /// <summary>The stand-in for MongoDB takes minutes to store what comes in ten seconds.</summary>
    public const int MostSeconds = 2;

    public static async Task<string> RunAsync(Plan plan)
    {
        var (mongo, reason) = await MongoServer.TrySharedAsync();
        if (mongo is null)
            throw new InvalidOperationException(reason);
        var all = await new Comparison(plan).RunAsync(
        [
            new("into SQLite", PayloadKind.Native, () => new Ours()),
            new("into MongoDB's rig", PayloadKind.Native, () => new Ours(new() { Store = StoreKind.Mongo })),
        ]);
        return Tables.EndToEnd(all, seed: all[0], "SQLite's");
    }
}
