namespace ErrorPipeline.Clients;

/// <summary>What a client does not tell, for a reason of its own. Each is tried: a fact that holds after all, or whose words were on the wire, fails the test.</summary>
internal static class Cannot
{
    public const string Event = "event";

    private static readonly IReadOnlyList<(string[] Clients, string[] Cases, string[] Facts, string Why)> All =
    [
    ];

    public static string? Of(string client, string @case, string fact) => All
        .Where(c => c.Clients.Contains(client) && (c.Cases.Length == 0 || c.Cases.Contains(@case)) && c.Facts.Contains(fact)).Select(c => c.Why).FirstOrDefault();
}
