using ErrorPipeline.Rigs;

namespace ErrorPipeline.Clients;

/// <summary>Every client through every case, once for all tests.</summary>
internal sealed class Run
{
    private const int AtOnce = 6;

    private static readonly Lazy<Task<Run>> Made = new(MakeAsync);
    private readonly Dictionary<string, IReadOnlyList<Seen>> _seen = [];

    public static Task<Run> Of() => Made.Value;

    public IReadOnlyList<Seen> Seen(string client) => _seen[client];

    public static Told Told(Client client, string @case) => new(client, @case, World.Wire.Of(client.Name, @case));

    private static async Task<Run> MakeAsync()
    {
        var projects = await World.Dashboard.MakeProjectsAsync([.. RealClients.Tried.Select(c => c.Name)]);
        await using var foreign = await Shop.OpenForeignAsync();
        using var room = new SemaphoreSlim(AtOnce);
        await Task.WhenAll(RealClients.Tried.Zip(projects).Select(async pair =>
        {
            var (client, project) = pair;
            await using var shop = await Shop.OpenAsync(client.Name, project.Key, foreign.Url + "/widget.js", Cases.All.Select(c => c.Name), c => $"{World.Wire.Url}/{client.Name}/{c}");
            await room.WaitAsync();
            var page = await World.Chromium.Browser.NewPageAsync();
            foreach (var @case in Cases.All)
            {
                var waits = !client.Collects && @case.Name != "hidden" && Cannot.Of(client.Name, @case.Name, Cannot.Event) is null;
                await Visit.MakeAsync(page, shop, client.Name, @case.Name, () => !waits || World.Wire.Of(client.Name, @case.Name).Any(client.IsEvent));
            }

            await page.Context.CloseAsync();
            room.Release();
        }));
        await World.Dashboard.SettledAsync();
        var run = new Run();
        foreach (var (client, project) in RealClients.Tried.Zip(projects))
            run._seen[client.Name] = await World.Dashboard.SeenAsync(project.Id);
        return run;
    }
}
