using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Streams;

namespace ErrorPipeline.Workers.Pumping;

/// <summary>A stage and what the pump needs to know around it. Made once, in <see cref="Pipeline"/>.</summary>
internal sealed record StageSpec<TIn, TFacts, TOut>
{
    public required string Name { get; init; }

    /// <summary>Streams it reads, the more urgent first; every fourth batch starts with the last.</summary>
    public required Func<Lane, IReadOnlyList<string>> Inputs { get; init; }
    public required Func<Lane, string> Output { get; init; }
    public required MessageForm<TIn> In { get; init; }
    public required OutputForm<TOut> Out { get; init; }
    public required Stage<TIn, TFacts, TOut> Run { get; init; }

    /// <summary>How long a batch gathers while many events come, where equal ones become one; null where it gathers no longer than at a trickle.</summary>
    public TimeSpan? MostGathering { get; init; }

    /// <summary>Loads what the stage must know of its batch, in one round trip.</summary>
    public required Func<IServiceProvider, Lane, IReadOnlyList<TIn>, Task<TFacts>> LoadFacts { get; init; }

    /// <summary>Facts good enough to find out whether a message breaks the stage.</summary>
    public required TFacts QuarantineFacts { get; init; }

    /// <summary>The facts where these events were seen too: by the hop's answer, or because a batch is processed in parts.</summary>
    public Func<TFacts, IReadOnlyCollection<EventIdentity>, TFacts> Learn { get; init; } = (facts, _) => facts;
}

/// <summary>How messages of one kind are read.</summary>
/// <param name="Version">The highest version this build knows.</param>
/// <param name="Read">Throws <see cref="UnknownVersionException"/>; anything else it throws means torn.</param>
/// <param name="Count">Events in the message.</param>
/// <param name="Identify">Project and first event, for attempts and dead letters.</param>
/// <param name="Events">All events of the message, for receipts.</param>
internal sealed record MessageForm<T>(
    int Version, Func<ReadOnlyMemory<byte>, T> Read, Func<T, long> Count, Func<T, (int ProjectId, string EventId)> Identify,
    Func<T, IEnumerable<EventIdentity>> Events);

/// <summary>How a stage's results become entries.</summary>
/// <param name="Count">Events in one result.</param>
/// <param name="Write">Splits where an entry would get too big.</param>
internal sealed record OutputForm<T>(Func<T, long> Count, Func<IReadOnlyList<T>, IReadOnlyList<StreamPayload>> Write);
