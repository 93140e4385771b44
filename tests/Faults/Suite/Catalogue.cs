using ErrorPipeline.Faults.Cases;

namespace ErrorPipeline.Faults.Suite;

/// <summary>All cases, in the order of docs/delivery.md.</summary>
internal static class Catalogue
{
    public static readonly List<FaultCase> All =
    [
        KilledAtRandom.Case,
        KilledOneByOne.Case,
        PausedWriter.Case,
        PausedAggregate.Case,
        RedisStopped.Case,
        RedisKilled.Case,
        RedisFarAway.Slow,
        RedisFarAway.AnswersLost,
        RedisFarAway.CutOff,
        RedisFull.Case,
        RedisForgets.Flushed,
        RedisForgets.RolledBack,
        RedisClockBack.Case,
        StoreAway.Locked,
        StoreAway.DiskFull,
        WriterKilledInCommits.Case,
        CommitRepeated.Case,
        DeletedOnTheWay.Case,
        MongoAway.Killed,
        MongoAway.Slow,
        MongoAway.CutOff,
        MongoWriters.Paused,
        MongoWriters.KilledBeforeMerge,
        LogDisk.Full,
        LogDisk.Failing,
        PowerCut.Case,
        CollectorWithoutRedis.Case,
        SegmentsDamaged.Case,
        Poison.Case,
        ThriceAndStolen.Thrice,
        ThriceAndStolen.Stolen,
        SameIds.Case,
        ClockOff.Case,
        VersionsApart.Case,
        MigrationStopped.Case,
        CrowdReturns.Case,
        Soak.Case,
    ];
}
