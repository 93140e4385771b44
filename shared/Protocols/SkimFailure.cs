namespace ErrorPipeline.Shared.Protocols;

public enum SkimFault
{
    /// <summary>Not JSON, or not of the protocol's shape.</summary>
    Malformed,

    /// <summary>Well-formed, but more than a request may hold.</summary>
    TooMuch,
}

/// <summary>Why a request's body is refused, in words for the person who sent it.</summary>
public sealed record SkimFailure(SkimFault Fault, string Message);

/// <param name="Depth">Deepest nesting of objects and arrays in the native protocol; other clients nest their own envelopes around and get 64.</param>
/// <param name="Events">Most events of one request.</param>
/// <param name="EventBytes">Longest event.</param>
public sealed record SkimLimits(int Depth = 32, int Events = 100, int EventBytes = 1 << 20);

/// <summary>
/// One bounded pass over a request's decompressed body: null where <paramref name="into"/> now tells all that the collector needs,
/// otherwise why the request is refused. Never throws, whatever the bytes.
/// </summary>
public delegate SkimFailure? Skim(ReadOnlySpan<byte> body, SkimLimits limits, SkimmedRequest into);
