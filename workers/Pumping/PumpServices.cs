using ErrorPipeline.Shared.Streams;

namespace ErrorPipeline.Workers.Pumping;

/// <summary>What every pump of a process shares.</summary>
internal sealed record PumpServices(
    IServiceProvider Provider,
    RedisConnection Redis,
    LaneHop Hops,
    Attempts Attempts,
    ParkedEntries Parked,
    WakeUps WakeUps,
    RollCall Roll,
    StageBoard Board,
    QuarantineCommand Quarantine,
    PumpOptions Options,
    TimeProvider Time,
    ILogger Log,
    string Consumer);
