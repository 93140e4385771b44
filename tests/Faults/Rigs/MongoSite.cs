using ErrorPipeline.Faults.Oracle;
using ErrorPipeline.Faults.Suite;
using ErrorPipeline.Rigs;

namespace ErrorPipeline.Faults.Rigs;

/// <summary>An installation whose stores are in a MongoDB of its own, behind a proxy.</summary>
internal sealed record MongoSite(Site Site, MongoServer Server, TcpProxy Network)
{
    /// <summary>Before an answer is not waited for any more.</summary>
    private const int PatienceMs = 4_000;

    /// <exception cref="CannotRunException">There is no MongoDB here.</exception>
    public static async Task<MongoSite> StartAsync(FaultRun run, params string[][] workers)
    {
        var (server, reason) = await MongoServer.TryStartAsync(ofItsOwn: true);
        if (server is null)
            throw new CannotRunException(reason);
        run.Keep(server);
        var network = run.Keep(TcpProxy.Start(server.LoopbackPort!.Value, run.Seed));
        var uri = $"{server.Uri("faults", network.Port)}?socketTimeoutMS={PatienceMs}&serverSelectionTimeoutMS={PatienceMs}";
        var settings = new Dictionary<string, string> { ["Store:Errors"] = uri, ["Store:Config"] = uri, ["Store:Artifacts"] = uri };
        try
        {
            var site = await run.StartAsync(workers.Length == 0 ? new() { Settings = settings } : new() { Settings = settings, Workers = workers }, new StoreDatabase(server.Uri("faults")));
            return new(site, server, network);
        }
        catch (DllNotFoundException e)
        {
            throw new CannotRunException(e.Message);
        }
    }

    /// <summary>The worker that leads; null while none does.</summary>
    public async Task<AppProcess?> LeaderAsync()
    {
        foreach (var app in Site.Apps.Workers.Where(app => app.Running))
        {
            if (await Signs.MetricAsync(app, "errorpipeline_writer_leading") == 1)
                return app;
        }

        return null;
    }
}
