using ErrorPipeline.Load.Contenders;

namespace ErrorPipeline.Load.Parts;

/// <summary>Who takes how many events from the clients, with nobody behind.</summary>
internal static class Collectors
{
    public static async Task<string> RunAsync(Plan plan)
    {
        var all = await new Comparison(plan).RunAsync(
        [
            new("seed's collector, Node cluster", PayloadKind.Native, () => new Seed(batch: false, chain: false)),
            new("the same, batched", PayloadKind.Native, () => new Seed(batch: true, chain: false)),
            new("**ErrorPipeline's collector**, fsync before 202, forwarding", PayloadKind.Native, () => new Ours(new() { Workers = [] })),
            new("bare Kestrel", PayloadKind.Native, Bare.Kestrel),
            .. File.Exists(Bare.NginxPath) ? new[] { new Setting("nginx", PayloadKind.Native, Bare.Nginx) } : [],
        ]);
        return Tables.Accepting(all, seed: all[0], ceiling: all[3]);
    }
}
