using System.Runtime.InteropServices;
using ErrorPipeline.Collector.Clients;
using ErrorPipeline.Collector.Spool;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Hosting;
using ErrorPipeline.Shared.Outcomes;
using ErrorPipeline.Shared.Protocols;
using ErrorPipeline.Shared.Streams;
using Microsoft.Extensions.Options;
using EventId = ErrorPipeline.Shared.Protocols.EventId;

namespace ErrorPipeline.Collector.Admission;

/// <summary>One request's way, whatever its client, from the connection to the log, and its answer. Knows no Redis.</summary>
internal sealed class EventsEndpoint(
    Gate gate, BodyReader bodies, WriteAheadLog log, UnansweredRequests unanswered, TimeProvider time,
    IOptions<AdmitOptions> options, IOptions<PipelineOptions> pipeline)
{
    private static readonly Refusal LogFull = new(503, "log_full", "the collector's log is full: send the same again later", TimeSpan.FromSeconds(30));
    private static readonly Refusal LogFailing = new(503, "log_failing", "the collector cannot write to its disk: send the same again later", TimeSpan.FromSeconds(5));

    private static readonly Task<AppendResult> Nothing = Task.FromResult(AppendResult.Durable);

    [ThreadStatic]
    private static SkimmedRequest? _skimmed;

    [ThreadStatic]
    private static List<NewRecord>? _records;

    private readonly SkimLimits _limits = options.Value.SkimLimits;
    private readonly string _dashboard = options.Value.DashboardUrl.TrimEnd('/');
    private readonly int _lanes = pipeline.Value.Lanes;

    /// <param name="key">Null where the request's head has none.</param>
    public async Task HandleAsync(HttpContext http, ClientProtocol protocol, string? key)
    {
        if (HttpMethods.IsOptions(http.Request.Method))
        {
            Cors.Preflight(http, key is null ? null : gate.ProjectOf(key), protocol.SendsCredentials);
            return;
        }

        Refusal? refusal;
        var call = new Call(protocol, protocol.HasKeyInBody && key is null && HttpMethods.IsPost(http.Request.Method));
        try
        {
            refusal = call.ReadsKey ? null : Check(http, call, key ?? "");
            if (refusal is null)
                refusal = await TakeAsync(http, call);
        }
        catch (BadHttpRequestException e)
        {
            // What Kestrel finds wrong with the body: cut off, badly chunked, too slow, too large.
            refusal = e.StatusCode == 413 ? bodies.TooLarge : new(e.StatusCode, "bad_request", e.Message);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException && http.RequestAborted.IsCancellationRequested)
        {
            // The client has gone; nobody is there to answer.
            return;
        }
        catch (IOException)
        {
            // Chunk sizes that overflow, for one.
            refusal = new(400, "bad_request", "the body could not be read: it is badly chunked or cut off");
        }

        if (refusal is not null)
        {
            gate.Count(call.Entry.Project, refusal);
            if (call.Entry.Project is null)
                Cors.Allow(http, null, protocol.SendsCredentials);
            await protocol.Refuse(http, refusal);
        }
    }

    private Refusal? Check(HttpContext http, Call call, string key)
    {
        var refusal = gate.Check(http, key, out var entry);
        call.Entry = entry;
        Cors.Allow(http, entry.Project, call.Protocol.SendsCredentials);
        return refusal is { Reason: "unknown_key" } && call.Protocol != ClientProtocols.Native
            ? refusal with { Message = $"this project key is not known: set {call.Protocol.KeyPlace} to the key that the project's page shows" }
            : refusal;
    }

    private async Task<Refusal?> TakeAsync(HttpContext http, Call call)
    {
        var (body, refusal) = await bodies.ReadAsync(http, call.Protocol.Coding?.Invoke(http.Request), call.Protocol.MostBytes);
        if (refusal is not null)
            return refusal;
        Task<AppendResult> appending;
        Batch batch;
        // The log copies what it takes, so the body need not outlive this block.
        using (body)
        {
            refusal = Append(http, call, body.Bytes, out batch, out appending);
            if (refusal is not null)
                return refusal;
        }

        var entry = call.Entry;
        var result = await appending;
        if (result != AppendResult.Durable)
        {
            if (batch.MadeIds is not null)
                unanswered.Forget(batch.Key, batch.MadeIds);
            return result == AppendResult.Full ? LogFull : LogFailing;
        }

        AdmissionMetrics.Accepted.Add(batch.Ids.Length);
        AdmissionMetrics.Bytes.Add(batch.Bytes);
        gate.CountSuppressed(entry.Project!, batch.Suppressed);
        var answered = await call.Protocol.Accept(http, new(batch.Ids, batch.RequestId, entry.Project!.Id, _dashboard));
        if (batch.MadeIds is not null && answered)
            unanswered.Forget(batch.Key, batch.MadeIds);
        else if (batch.MadeIds is not null)
            unanswered.Broken(batch.Key, batch.MadeIds);
        return null;
    }

    /// <summary>All that happens between the last byte read and the log, on one thread.</summary>
    private Refusal? Append(HttpContext http, Call call, ReadOnlyMemory<byte> body, out Batch batch, out Task<AppendResult> appending)
    {
        (batch, appending) = (default, Nothing);
        var protocol = call.Protocol.For(body.Span);
        if (body.IsEmpty)
            return new(400, "bad_request", "the body is empty: it must have at least one event");
        if (protocol.Convert is not null && protocol.Convert(body.Span, _limits, out var unreadable) is var converted)
        {
            if (unreadable is not null)
                return Refusal.Of(unreadable);
            body = converted;
        }

        var skimmed = _skimmed ??= new();
        var failure = protocol.Skim(body.Span, _limits, skimmed);
        if (call.ReadsKey && Check(http, call, skimmed.Key ?? "") is { } refusal)
            return refusal;
        if (failure is not null)
            return Refusal.Of(failure);

        var entry = call.Entry;
        foreach (var (kind, parts) in skimmed.Ignored)
            gate.CountIgnored(entry.Project!, kind, parts);
        if (skimmed.Sessions.Count > 0)
            gate.CountSessions(entry.Project!, skimmed.Sessions);
        var now = time.GetUtcNow();
        var userAgent = http.Request.Headers.UserAgent is { Count: > 0 } ua ? ua.ToString() : null;
        var hints = AgentHints.Of(http.Request.Headers["Sec-CH-UA"], http.Request.Headers["Sec-CH-UA-Platform"], http.Request.Headers["Sec-CH-UA-Mobile"]);
        var client = entry.Client.ToString();
        batch = Name(http, skimmed, entry, client, userAgent, body.Span, now);
        var bulk = gate.ChargeRest(entry, skimmed.Events.Count);
        if (skimmed.Events.Count == 0)
            return null;
        var sentAt = skimmed.SentAt ?? protocol.SentAt?.Invoke(http.Request);
        var records = _records ??= [];
        for (var i = 0; i < skimmed.Events.Count; i++)
        {
            var place = skimmed.Events[i];
            var raw = new RawError
            {
                ProjectId = entry.Project!.Id,
                EventId = batch.Ids[i],
                ReceivedAt = now.ToUnixTimeMilliseconds(),
                SentAt = sentAt,
                Protocol = place.Protocol ?? protocol.Name,
                UserAgent = userAgent,
                AgentHints = hints,
                ClientIp = client,
                Body = place.BodyOf(body),
            };
            records.Add(new(raw, Lane.Of(raw.ProjectId, raw.EventId, _lanes).Index, bulk));
        }

        appending = log.AppendAsync(CollectionsMarshal.AsSpan(records));
        records.Clear();
        return null;
    }

    private Batch Name(HttpContext http, SkimmedRequest skimmed, Admitted entry, string client, string? userAgent, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        var events = skimmed.Events;
        var ids = new string[events.Count];
        var missing = 0;
        for (var i = 0; i < ids.Length; i++)
        {
            if (events[i].Id is { } id)
                ids[i] = id.ToString();
            else
                missing++;
        }

        if (missing == 0)
            return new(ids, null, default, skimmed.Suppressed, body.Length, skimmed.RequestId?.ToString());
        var key = UnansweredRequests.KeyOf(entry.Key, client, userAgent, body);
        var made = unanswered.Begin(key, http.RequestAborted, () => MakeIds(missing, now));
        for (int i = 0, next = 0; i < ids.Length; i++)
            ids[i] ??= made[next++];
        return new(ids, made, key, skimmed.Suppressed, body.Length, skimmed.RequestId?.ToString());
    }

    private static string[] MakeIds(int count, DateTimeOffset now)
    {
        var ids = new string[count];
        for (var i = 0; i < count; i++)
            ids[i] = EventId.Create(now).ToString();
        return ids;
    }

    /// <param name="Ids">Of all events, in the order of the request.</param>
    /// <param name="MadeIds">Those that the collector made; null where every event had its own.</param>
    /// <param name="Key">Who sent what, where ids were made.</param>
    private readonly record struct Batch(string[] Ids, string[]? MadeIds, UInt128 Key, int Suppressed, int Bytes, string? RequestId);

    /// <summary>One request on its way. <see cref="Entry"/> is known once its key was checked.</summary>
    private sealed class Call(ClientProtocol protocol, bool readsKey)
    {
        public ClientProtocol Protocol => protocol;

        /// <summary>The key is in the body, so the gate is passed after it was read.</summary>
        public bool ReadsKey => readsKey;

        public Admitted Entry { get; set; }
    }
}
