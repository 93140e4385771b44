namespace ErrorPipeline.Shared.Protocols;

/// <summary>What a skim finds in a request's body. Reusable: every skim starts by clearing it.</summary>
public sealed class SkimmedRequest
{
    public List<EventSpan> Events { get; } = [];

    /// <summary>The client's clock when it sent the request, ms since 1970; null where it told nothing sensible.</summary>
    public long? SentAt { get; internal set; }

    /// <summary>Events that the client says it did not send. Hostile like everything here, but bounded.</summary>
    public int Suppressed { get; internal set; }

    /// <summary>Sessions that the client tells of. Hostile like everything here, but bounded.</summary>
    public List<ToldSession> Sessions { get; } = [];

    /// <summary>How many parts of each kind the request held that no pipeline stage wants, such as replays; the kinds are a fixed few.</summary>
    public Dictionary<string, int> Ignored { get; } = [];

    /// <summary>The key, where the body carries it; told by a peer, so at most a hint until the gate has seen it.</summary>
    public string? Key { get; internal set; }

    /// <summary>The id that the request itself claims, for the answer to one without events.</summary>
    public EventId? RequestId { get; internal set; }

    public void Clear()
    {
        Events.Clear();
        Sessions.Clear();
        Ignored.Clear();
        SentAt = null;
        Suppressed = 0;
        Key = null;
        RequestId = null;
    }

    internal void Ignore(string kind) => Ignored[kind] = Ignored.GetValueOrDefault(kind) + 1;
}

/// <summary>A session at some moment of it, or the sum of several that a client has added up itself.</summary>
/// <param name="Id">Tells sessions of a project apart; 0 for a sum.</param>
/// <param name="Started">How many begin by this.</param>
/// <param name="Hit">How many have met an error by now.</param>
/// <param name="Crashed">How many have ended by one that nobody handled.</param>
public readonly record struct ToldSession(ulong Id, int Started, int Hit, int Crashed, string Release, string Environment);

/// <summary>Bytes of the body that was skimmed; empty where there are none.</summary>
public readonly record struct Place(int Start, int Length);

/// <summary>Place of one event in the body that was skimmed, and the id it carries, if it carries a valid one.</summary>
public readonly record struct EventSpan(int Start, int Length, EventId? Id)
{
    /// <summary>
    /// Names of the parts that make this event's body, the event itself last: <c>{"metadata":outer,"error":event}</c>.
    /// Null where the event's bytes are the body.
    /// </summary>
    public string[]? Parts { get; init; }

    /// <summary>Name of the protocol that the event is of, where it is another than the request's.</summary>
    public string? Protocol { get; init; }

    /// <summary>What the events of a request share, such as its metadata or resource.</summary>
    public Place Outer { get; init; }

    /// <summary>Between the two, where there are three parts.</summary>
    public Place Middle { get; init; }

    /// <summary>The event's own body, cut out of the request's, or put together where the protocol spreads it.</summary>
    public ReadOnlyMemory<byte> BodyOf(ReadOnlyMemory<byte> request) =>
        Parts is null ? request.Slice(Start, Length) : EventParts.Join(request.Span, this);
}
