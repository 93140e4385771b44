using ErrorPipeline.Collector.Admission;
using ErrorPipeline.Shared.Protocols;

namespace ErrorPipeline.Collector.Clients;

/// <summary>What a request that was taken is answered with.</summary>
/// <param name="Ids">Of its events, in the order of the request; empty where it held none that are kept.</param>
/// <param name="RequestId">The id that the request claimed for itself.</param>
/// <param name="ProjectId">Whose they are.</param>
/// <param name="Dashboard">Its public address without a slash at the end; "" where that is not known.</param>
internal readonly record struct Taken(IReadOnlyList<string> Ids, string? RequestId, int ProjectId, string Dashboard)
{
    /// <summary>Where the first of them is to be seen; "" where that is not known.</summary>
    public string Url => Dashboard.Length == 0 || Ids.Count == 0 ? "" : $"{Dashboard}/receipts?event={Ids[0]}&project={ProjectId}";
}

/// <summary>False where the client had gone before the answer was handed to its connection.</summary>
internal delegate ValueTask<bool> AcceptAnswer(HttpContext http, Taken taken);

/// <inheritdoc cref="AcceptAnswer"/>
internal delegate ValueTask<bool> RefuseAnswer(HttpContext http, Refusal refusal);

/// <summary>How one kind of client speaks: how its requests are skimmed and what it must hear.</summary>
/// <param name="Name">Protocol of the <c>RawError</c>s; the adapters in normalize go by it.</param>
/// <param name="KeyPlace">Where this client carries the project's key, for the person who set it up.</param>
internal sealed record ClientProtocol(string Name, string KeyPlace, Skim Skim, AcceptAnswer Accept, RefuseAnswer Refuse)
{
    /// <summary>Largest body where it is not the collector's usual: mostly parts that are not kept.</summary>
    public int? MostBytes { get; init; }

    /// <summary>True where the key may be found by the skim alone.</summary>
    public bool HasKeyInBody { get; init; }

    /// <summary>The client may be set to send cookies, and then reads no answer without leave.</summary>
    public bool SendsCredentials { get; init; }

    /// <summary>Reads the client's clock where it is not in the body.</summary>
    public Func<HttpRequest, long?>? SentAt { get; init; }

    /// <summary>Name of the coding where the client does not tell it by Content-Encoding.</summary>
    public Func<HttpRequest, string?>? Coding { get; init; }

    /// <summary>Turns another form of the protocol into JSON before the skim.</summary>
    public Convert? Convert { get; init; }

    /// <summary>The protocol to use where the body is an array.</summary>
    public ClientProtocol? WhenArray { get; init; }

    /// <summary>What may stand in front of JSON: white space and the byte order mark.</summary>
    private static ReadOnlySpan<byte> Before => [(byte)' ', (byte)'\t', (byte)'\r', (byte)'\n', 0xef, 0xbb, 0xbf];

    public ClientProtocol For(ReadOnlySpan<byte> body) =>
        WhenArray is not null && body.TrimStart(Before) is [(byte)'[', ..] ? WhenArray : this;
}

/// <summary>Null and the failure where the body is not of that form.</summary>
internal delegate byte[]? Convert(ReadOnlySpan<byte> body, SkimLimits limits, out SkimFailure? failure);

/// <summary>Where a request goes: to the pipeline, or to an answer that never changes.</summary>
/// <param name="Key">Null where the request's head has none.</param>
internal readonly record struct ClientRoute(ClientProtocol? Protocol, FixedAnswer? Fixed, string? Key);

/// <summary>An answer to what clients ask besides sending errors.</summary>
/// <param name="Ignored">Kind of what is dropped, counted as <c>ignored:kind</c>; null where nothing is.</param>
internal sealed record FixedAnswer(int Status, string? ContentType, byte[] Body, string? Ignored)
{
    public static FixedAnswer Json(int status, string body, string? ignored = null) =>
        new(status, "application/json", System.Text.Encoding.UTF8.GetBytes(body), ignored);
}
