using ErrorPipeline.Rigs;
using Microsoft.Playwright;

namespace ErrorPipeline.Clients;

/// <summary>A client on a shop of its own, with options of its own and a project of its own.</summary>
internal sealed class Way
{
    private readonly string _name;
    private readonly string _case;
    private readonly WebSite _shop;
    private readonly string? _script;
    private readonly Client _client;

    private Way(Client client, string name, string @case, WebSite shop, ClientProject project, string? script) =>
        (_client, _name, _case, _shop, Project, _script) = (client, name, @case, shop, project, script);

    public ClientProject Project { get; }

    public IReadOnlyList<WireRequest> Requests => World.Wire.Of(_name, _case);

    public IEnumerable<WireRequest> Events => Requests.Where(_client.IsEvent);

    /// <summary>What was taken.</summary>
    public Told Told => new(_client, _case, [.. Requests.Where(r => r.Status < 300)]);

    /// <param name="way">Of the client; names the project too.</param>
    /// <param name="options">Of the client, given the collector's address.</param>
    /// <param name="script">Runs before everything else on the page.</param>
    public static async Task<Way> OpenAsync(string client, string way, string @case, Func<string, object>? options = null, string? bundle = null, string? script = null)
    {
        var name = $"{client}-{way}";
        var project = (await World.Dashboard.MakeProjectsAsync([name]))[0];
        string Address(string c) => $"{World.Wire.Url}/{name}/{c}";
        var shop = await Shop.OpenAsync(bundle ?? client, project.Key, "", [@case], Address, options: options?.Invoke(Address(@case)));
        World.Leave(shop);
        return new(RealClients.All.Single(c => c.Name == client), name, @case, shop, project, script);
    }

    /// <param name="isWound">The page's clock goes on by the test's word too.</param>
    public async Task<IPage> GotoAsync(bool isWound = false)
    {
        var page = await World.Chromium.Browser.NewPageAsync();
        if (isWound)
            await page.Clock.InstallAsync();
        if (_script is not null)
            await page.AddInitScriptAsync(_script);
        await page.GotoAsync($"{_shop.Url}/{_case}");
        await page.WaitForFunctionAsync("globalThis.isDone", null, new() { Timeout = 30_000 });
        return page;
    }

    public async Task VisitAsync()
    {
        var page = await World.Chromium.Browser.NewPageAsync();
        if (_script is not null)
            await page.AddInitScriptAsync(_script);
        await Visit.MakeAsync(page, _shop, _name, _case, () => _client.Collects || Events.Any());
        await page.Context.CloseAsync();
    }

    public async Task<IReadOnlyList<Seen>> SeenAsync()
    {
        await World.Dashboard.SettledAsync();
        return await World.Dashboard.SeenAsync(Project.Id);
    }
}
