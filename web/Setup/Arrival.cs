using ErrorPipeline.Shared.Storage;

namespace ErrorPipeline.Web.Setup;

/// <summary>What has arrived from one client, over all its protocols.</summary>
/// <param name="Last">Server time of the last arrival, ms since 1970; 0 before the first.</param>
/// <param name="Issue">Of the last one; null where it is gone.</param>
public sealed record Arrival(long Count, long Last, long? Issue)
{
    public static readonly Arrival None = new(0, 0, null);

    public static async Task<Arrival> ReadAsync(IErrorReader errors, int project, ClientGuide guide, CancellationToken cancel)
    {
        var arrival = Of(guide, await errors.ListClientsAsync(project, cancel));
        // It may have been deleted, or merged into another.
        return arrival.Issue is { } issue && await errors.GetIssueAsync(project, issue, cancel) is null ? arrival with { Issue = null } : arrival;
    }

    public static Arrival Of(ClientGuide guide, IReadOnlyList<ClientArrivals> clients)
    {
        var own = clients.Where(c => guide.Protocols.Contains(c.Client)).OrderByDescending(c => c.LastReceived).ToList();
        return own.Count == 0 ? None : new(own.Sum(c => c.Count), own[0].LastReceived, own[0].LastIssueId);
    }
}
