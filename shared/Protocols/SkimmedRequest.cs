namespace ErrorPipeline.Shared.Protocols;

/// <summary>What a skim finds in a request's body. Reusable: every skim starts by clearing it.</summary>
public sealed class SkimmedRequest
{
    public List<EventSpan> Events { get; } = [];

    /// <summary>The client's clock when it sent the request, ms since 1970; null where it told nothing sensible.</summary>
    public long? SentAt { get; internal set; }

    /// <summary>Events that the client says it did not send. Hostile like everything here, but bounded.</summary>
    public int Suppressed { get; internal set; }

    public void Clear()
    {
        Events.Clear();
        SentAt = null;
        Suppressed = 0;
    }
}

/// <summary>Place of one event in the body that was skimmed, and the id it carries, if it carries a valid one.</summary>
public readonly record struct EventSpan(int Start, int Length, EventId? Id);
