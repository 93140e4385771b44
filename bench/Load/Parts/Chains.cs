using ErrorPipeline.Load.Contenders;

namespace ErrorPipeline.Load.Parts;

/// <summary>From the request to the row in the store.</summary>
internal static class Chains
{
    public static async Task<string> RunAsync(Plan plan)
    {
        var all = await new Comparison(plan).RunAsync(
        [
            new("seed's chain, Node and better-sqlite3", PayloadKind.Native, () => new Seed(batch: false, chain: true)),
            new("**ErrorPipeline** into SQLite", PayloadKind.Native, () => new Ours()),
            .. plan.Quick ? [] : new[] { new Setting("**ErrorPipeline** into SQLite, Sentry envelopes", PayloadKind.Envelope, () => new Ours()) },
        ]);
        return $"{Tables.EndToEnd(all, seed: all[0])}\nWhere the CPU of the second goes:\n\n{Tables.ByProcess(all[1])}";
    }
}
