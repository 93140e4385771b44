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

/// <param name="Depth">Deepest nesting of objects and arrays.</param>
/// <param name="Events">Most events of one request.</param>
public sealed record SkimLimits(int Depth = 32, int Events = 100);
