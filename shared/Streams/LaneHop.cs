using System.Text.Json;
using ErrorPipeline.Shared.Contracts;
using StackExchange.Redis;

namespace ErrorPipeline.Shared.Streams;

/// <summary>
/// The only way a stage moves messages: one script that acknowledges and deletes the inputs, adds the outputs and counts the outcomes,
/// or does nothing. Throws <see cref="RedisUnavailableException"/>; repeating the same hop is safe, it then answers <see cref="HopStatus.Lost"/>
/// if the first one took effect.
/// </summary>
public sealed class LaneHop(RedisConnection redis, SeenLimits limits)
{
    public async Task<HopAnswer> HopAsync(Lane lane, Hop hop)
    {
        var arguments = new List<RedisValue>(16 + hop.Inputs.Count + hop.Remember.Count)
        {
            StreamGroup.Name, hop.Consumer, hop.Output == lane.Deltas ? 1 : 0,
            (long)limits.Window.TotalMilliseconds, limits.Budget,
            hop.Inputs.Count, hop.Outputs.Count, hop.Suspects.Count, hop.Dead.Count, hop.Outcomes.Count, hop.SettledAttempts.Count, hop.Remember.Count, hop.Fates.Count,
        };
        foreach (var id in hop.Inputs)
            arguments.Add(id.ToString());
        foreach (var payload in hop.Outputs.Concat(hop.Suspects))
            arguments.AddRange([payload.Version, payload.Events, payload.Data]);
        foreach (var dead in hop.Dead)
        {
            arguments.AddRange([dead.Payload.Version, dead.Payload.Events, dead.Payload.Data, dead.Stage, dead.Stream,
                dead.ProjectId, dead.EventId, dead.Error, dead.At]);
        }

        OutcomeFields.AddTo(arguments, hop.Outcomes);
        foreach (var field in hop.SettledAttempts)
            arguments.Add(field);
        foreach (var fact in hop.Remember)
            arguments.Add(fact.ToFact());
        foreach (var fate in hop.Fates)
            arguments.Add(JsonSerializer.SerializeToUtf8Bytes(fate, ContractsJson.Default.FateIds));

        RedisKey[] keys =
        [
            hop.Input, Lane.SizesOf(hop.Input), hop.Output, Lane.SizesOf(hop.Output), lane.Ledger, lane.Outcomes, lane.Dead, lane.Floor,
            Attempts.KeyOf(lane), lane.Seen, lane.Notes, lane.Fates,
        ];
        var answer = (RedisResult[])await redis.RunAsync(RedisScript.Hop, keys, [.. arguments]);
        return (string?)answer[0] switch
        {
            "ok" => new(HopStatus.Moved),
            "lost" => new(HopStatus.Lost) { LostInputs = [.. answer.Skip(1).Select(id => StreamId.Parse((string)id!))] },
            "seen" => new(HopStatus.Seen) { SeenEvents = [.. answer.Skip(1).Select(i => hop.Remember[(int)i])] },
            _ => new(HopStatus.BelowFloor),
        };
    }
}

/// <summary>What one hop does. Events of <see cref="Inputs"/> = outputs + suspects + dead + other terminal outcomes.</summary>
public sealed record Hop
{
    public required string Input { get; init; }
    public required string Consumer { get; init; }
    public required IReadOnlyList<StreamId> Inputs { get; init; }
    public required string Output { get; init; }
    public IReadOnlyList<StreamPayload> Outputs { get; init; } = [];

    /// <summary>Go back to the input stream, set apart.</summary>
    public IReadOnlyList<StreamPayload> Suspects { get; init; } = [];

    /// <summary>Kept as dead letters. Their outcome must be among <see cref="Outcomes"/>.</summary>
    public IReadOnlyList<DeadLetter> Dead { get; init; } = [];
    public IReadOnlyList<OutcomeCount> Outcomes { get; init; } = [];

    /// <summary>Which events the terminal outcomes are of, for receipts.</summary>
    public IReadOnlyList<FateIds> Fates { get; init; } = [];

    /// <summary>Counters of <see cref="Attempts"/> that have served.</summary>
    public IReadOnlyList<string> SettledAttempts { get; init; } = [];

    /// <summary>Events, each once, that the lane remembers from now on; the hop does not happen if it remembers one of them already.</summary>
    public IReadOnlyList<EventIdentity> Remember { get; init; } = [];
}

public enum HopStatus
{
    /// <summary>Done, by this call.</summary>
    Moved,

    /// <summary>Nothing happened: some inputs are not this consumer's any more (reclaimed, or moved by an earlier try).</summary>
    Lost,

    /// <summary>Nothing happened: events of the batch were seen before. Compute it again, knowing that.</summary>
    Seen,

    /// <summary>Nothing happened: new ids would not be after the writer's cursor. Wait; the writer repairs that.</summary>
    BelowFloor,
}

public sealed record HopAnswer(HopStatus Status)
{
    /// <summary>Inputs that are gone, where <see cref="HopStatus.Lost"/>.</summary>
    public IReadOnlyList<StreamId> LostInputs { get; init; } = [];

    /// <summary>Those of <see cref="Hop.Remember"/> that the lane remembers already, where <see cref="HopStatus.Seen"/>.</summary>
    public IReadOnlyList<EventIdentity> SeenEvents { get; init; } = [];
}
