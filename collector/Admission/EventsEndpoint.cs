using System.Runtime.InteropServices;
using ErrorPipeline.Collector.Spool;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Hosting;
using ErrorPipeline.Shared.Outcomes;
using ErrorPipeline.Shared.Protocols;
using ErrorPipeline.Shared.Protocols.Native;
using ErrorPipeline.Shared.Streams;
using Microsoft.Extensions.Options;
using EventId = ErrorPipeline.Shared.Protocols.EventId;

namespace ErrorPipeline.Collector.Admission;

/// <summary>POST /api/{key}/events: one request's way from the connection to the log, and its answer. Knows no Redis.</summary>
internal sealed class EventsEndpoint(
    Gate gate, BodyReader bodies, WriteAheadLog log, UnansweredRequests unanswered, TimeProvider time,
    IOptions<AdmitOptions> options, IOptions<PipelineOptions> pipeline)
{
    private static readonly Refusal LogFull = new(503, "log_full", "the collector's log is full: send the same again later", TimeSpan.FromSeconds(30));
    private static readonly Refusal LogFailing = new(503, "log_failing", "the collector cannot write to its disk: send the same again later", TimeSpan.FromSeconds(5));

    [ThreadStatic]
    private static SkimmedRequest? _skimmed;

    [ThreadStatic]
    private static List<NewRecord>? _records;

    private readonly SkimLimits _limits = options.Value.SkimLimits;
    private readonly int _lanes = pipeline.Value.Lanes;

    public async Task HandleAsync(HttpContext http, string key)
    {
        if (HttpMethods.IsOptions(http.Request.Method))
        {
            Cors.Preflight(http, gate.ProjectOf(key));
            return;
        }

        var refusal = gate.Check(http, key, out var entry);
        Cors.Allow(http, entry.Project);
        try
        {
            if (refusal is null)
                refusal = await TakeAsync(http, entry);
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
            gate.Count(entry.Project, refusal);
            await Answers.RefuseAsync(http, refusal);
        }
    }

    private async Task<Refusal?> TakeAsync(HttpContext http, Admitted entry)
    {
        var (body, refusal) = await bodies.ReadAsync(http);
        if (refusal is not null)
            return refusal;
        Task<AppendResult> appending;
        Batch batch;
        // The log copies what it takes, so the body need not outlive this block.
        using (body)
        {
            refusal = Append(http, entry, body.Bytes, out batch, out appending);
            if (refusal is not null)
                return refusal;
        }

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
        var answered = await Answers.AcceptAsync(http, batch.Ids);
        if (batch.MadeIds is not null && answered)
            unanswered.Forget(batch.Key, batch.MadeIds);
        else if (batch.MadeIds is not null)
            unanswered.Broken(batch.Key, batch.MadeIds);
        return null;
    }

    /// <summary>All that happens between the last byte read and the log, on one thread.</summary>
    private Refusal? Append(HttpContext http, Admitted entry, ReadOnlyMemory<byte> body, out Batch batch, out Task<AppendResult> appending)
    {
        (batch, appending) = (default, Task.FromResult(AppendResult.Failing));
        if (body.IsEmpty)
            return new(400, "bad_request", "the body is empty: it must be JSON with at least one event");
        var skimmed = _skimmed ??= new();
        if (NativeSkim.Read(body.Span, _limits, skimmed) is { } failure)
            return Refusal.Of(failure);

        var now = time.GetUtcNow();
        var userAgent = http.Request.Headers.UserAgent is { Count: > 0 } ua ? ua.ToString() : null;
        var client = entry.Client.ToString();
        batch = Name(http, skimmed, entry, client, userAgent, body.Span, now);
        var bulk = gate.ChargeRest(entry, skimmed.Events.Count);
        var records = _records ??= [];
        for (var i = 0; i < skimmed.Events.Count; i++)
        {
            var place = skimmed.Events[i];
            var raw = new RawError
            {
                ProjectId = entry.Project!.Id,
                EventId = batch.Ids[i],
                ReceivedAt = now.ToUnixTimeMilliseconds(),
                SentAt = skimmed.SentAt,
                Protocol = "native",
                UserAgent = userAgent,
                ClientIp = client,
                Body = body.Slice(place.Start, place.Length),
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
            return new(ids, null, default, skimmed.Suppressed, body.Length);
        var key = UnansweredRequests.KeyOf(entry.Key, client, userAgent, body);
        var made = unanswered.Begin(key, http.RequestAborted, () => MakeIds(missing, now));
        for (int i = 0, next = 0; i < ids.Length; i++)
            ids[i] ??= made[next++];
        return new(ids, made, key, skimmed.Suppressed, body.Length);
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
    private readonly record struct Batch(string[] Ids, string[]? MadeIds, UInt128 Key, int Suppressed, int Bytes);
}
