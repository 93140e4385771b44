using System.Net;
using ErrorPipeline.Shared.Outcomes;
using ErrorPipeline.Shared.Protocols;
using Microsoft.Extensions.Options;

namespace ErrorPipeline.Collector.Admission;

/// <param name="Client">Address behind trusted proxies.</param>
internal readonly record struct Admitted(string Key, Project? Project, IPAddress Client);

/// <summary>Everything that is checked before a byte of the body is read: key, origin, rates. From memory only.</summary>
internal sealed class Gate(ProjectDirectory projects, ClientAddress addresses, EdgeCounts edge, TimeProvider time, IOptions<AdmitOptions> options)
{
    private static readonly TimeSpan BulkWindow = TimeSpan.FromSeconds(2);

    private static readonly Refusal NotConfigured = new(
        503, "not_configured", "the collector has not yet been told of any project: web must have run once, and Redis be reachable", TimeSpan.FromSeconds(5));

    private static readonly Refusal UnknownKey = new(401, "unknown_key", "this project key is not known: copy the snippet again from the project's page");

    private static readonly Refusal WrongMethod = new(405, "method_not_allowed", "send events by POST");

    private readonly AdmitOptions _options = options.Value;
    private readonly RateTable _keys = new(time, TimeSpan.FromMinutes(1), 100_000);
    private readonly RateTable _clients = new(time, TimeSpan.FromMinutes(1), options.Value.MaxClients);
    private readonly EdgeCounts _edge = edge;
    private readonly SessionCounts _sessions = new(edge, time);
    private readonly RateTable _shares = new(time, BulkWindow, 100_000);

    public Project? ProjectOf(string key) => projects.Find(key);

    public Refusal? Check(HttpContext http, string key, out Admitted entry)
    {
        var client = addresses.Of(http);
        entry = new(key, projects.Find(key), client);
        if (!HttpMethods.IsPost(http.Request.Method))
        {
            http.Response.Headers.Allow = "POST, OPTIONS";
            return WrongMethod;
        }

        if (!projects.IsKnown)
            return NotConfigured;
        var wait = TimeSpan.Zero;
        var clientKey = ClientAddress.RateKey(client);
        if (entry.Project is not { } project)
            return _clients.TryTake(clientKey, _options.EventsPerMinutePerClient, 1, out wait) ? UnknownKey : ClientTooFast(wait);
        var origin = http.Request.Headers.Origin.ToString();
        if (!project.Allows(origin))
            return new(403, "origin_not_allowed", "the project does not allow this page's origin: add it to the allowed origins in the project's settings");
        if (!_clients.TryTake(clientKey, _options.EventsPerMinutePerClient, 1, out wait))
            return ClientTooFast(wait);
        return _keys.TryTake(project.RateKey, PerMinute(project), 1, out wait)
            ? null
            : new(429, "rate_limited", "the project sends more events a minute than it may (setting of the project, or Collector:EventsPerMinutePerKey)", wait);
    }

    /// <summary>Charges the events of a request beyond the first; one without events gets back what it was charged. True where the project is over its share: its events go to raw-bulk.</summary>
    public bool ChargeRest(Admitted entry, int events)
    {
        _clients.Charge(ClientAddress.RateKey(entry.Client), _options.EventsPerMinutePerClient, events - 1);
        _keys.Charge(entry.Project!.RateKey, PerMinute(entry.Project), events - 1);
        var share = (int)(_options.BulkEventsPerSecond * BulkWindow.TotalSeconds);
        return events > 0 && !_shares.TryTake((ulong)entry.Project.Id, share, events, out _);
    }

    public void Count(Project? project, Refusal refusal)
    {
        AdmissionMetrics.Rejected.Add(1, new KeyValuePair<string, object?>("reason", refusal.Reason));
        if (project is not null && refusal.Status < 500)
            _edge.Add(project.Id, refusal.Status == 429 ? Outcome.RateLimited : Outcome.RejectedPrefix + refusal.Reason, 1);
    }

    public void CountIgnored(Project project, string kind, int parts) => _edge.Add(project.Id, Outcome.IgnoredPrefix + kind, parts);

    public void CountSessions(Project project, IReadOnlyList<ToldSession> sessions) => _sessions.Add(project.Id, sessions);

    public void CountSuppressed(Project project, int events) => _edge.Add(project.Id, Outcome.Suppressed, events);

    private int PerMinute(Project project) => project.EventsPerMinute ?? _options.EventsPerMinutePerKey;

    private static Refusal ClientTooFast(TimeSpan wait) =>
        new(429, "rate_limited", "this address sends more events a minute than it may (setting Collector:EventsPerMinutePerClient)", wait);
}
