using System.Text.Json.Nodes;
using ErrorPipeline.Shared.Streams;
using ErrorPipeline.Shared.Watching;

namespace ErrorPipeline.Shared.Tests.Watching;

public class PipelineSignsTests
{
    private const long Now = 1_800_000_000_000;
    private static readonly WatchOptions Limits = new();

    private static readonly IReadOnlyList<ProcessRecord> Whole =
    [
        Process("collector", new()),
        Process("workers", new() { ["stages"] = new JsonArray("dedupe", "normalize", "aggregate", "write"), ["leader"] = true }),
    ];

    [Test]
    public void AllWell_HasNoSigns() => Kinds([Reading()], Whole).Should().BeEmpty();

    [TestCase(119, false)]
    [TestCase(120, true)]
    public void Lane_ThatDoesNotBalance_IsToldAfterTwoMinutes(int seconds, bool told) => Kinds(
        [Reading(accepted: 5, noted: new(false, Now - seconds * 1000L))], Whole)
        .Should().BeEquivalentTo(told ? ["lane_unbalanced"] : Array.Empty<string>());

    [Test]
    public void Lane_ThatBalancesAgain_IsNotTold() => Kinds([Reading(noted: new(false, Now - 600_000))], Whole).Should().BeEmpty();

    [Test]
    public void Queue_ThatWaitsForLong_IsLag_ButParkedEntriesAreTheirOwnSign()
    {
        Kinds([Reading(streams: [new("unique", 1, 1, 3, 31, 0)], accepted: 3)], Whole).Should().Equal("lag");
        Kinds([Reading(streams: [new("parked", 1, 1, 3, 9999, 0)], accepted: 3)], Whole).Should().Equal("parked");
    }

    [Test]
    public void DeadLetters_AreToldWhenTheyArrive_AndWhenThereAreTooMany()
    {
        Kinds([Reading(dead: 1, newestDead: Now - 5_000)], Whole).Should().Equal("dead_letters");
        Kinds([Reading(dead: 1, newestDead: Now - 3_600_000)], Whole).Should().BeEmpty();
        Kinds([Reading(dead: 1001, newestDead: Now - 3_600_000)], Whole).Should().Equal("dead_letters");
    }

    [Test]
    public void Stages_ThatNobodyHosts_AreToldOneByOne()
    {
        PipelineSigns.Of([Reading()], [Process("workers", new() { ["stages"] = new JsonArray("dedupe", "write"), ["leader"] = true })], Limits)
            .Select(s => (s.Kind, s.Where)).Should().Equal(("no_collector", "collector"), ("no_stage", "normalize"), ("no_stage", "aggregate"));
        Kinds([Reading()], [Whole[0], Process("workers", new() { ["stages"] = new JsonArray("dedupe", "normalize", "aggregate", "write"), ["leader"] = false })])
            .Should().Equal("no_writer");
    }

    [Test]
    public void Process_ThatTellsOfTrouble_IsQuoted()
    {
        var trouble = new JsonObject { ["check"] = "log", ["status"] = "Unhealthy", ["why"] = "the log is full" };
        var signs = PipelineSigns.Of([Reading()], [.. Whole, Process("collector", new() { ["troubles"] = new JsonArray(trouble) })], Limits);
        signs.Should().ContainSingle().Which.Text.Should().Be("collector on host (process 7), log: the log is full");
    }

    [Test]
    public void Log_ThatRedisDoesNotTake_IsTold() =>
        Kinds([Reading()], [.. Whole, Process("collector", new() { ["oldestUnforwardedSeconds"] = 61.5 })]).Should().Equal("unforwarded");

    [Test]
    public void Facts_OfAnotherForm_AreNoSigns() => Kinds(
        [Reading()],
        [.. Whole, Process("workers", new() { ["stages"] = "all", ["leader"] = "yes", ["troubles"] = new JsonArray(1, null), ["oldestUnforwardedSeconds"] = "long" })])
        .Should().BeEmpty();

    private static IEnumerable<string> Kinds(IReadOnlyList<LaneReading> lanes, IReadOnlyList<ProcessRecord> processes) =>
        PipelineSigns.Of(lanes, processes, Limits).Select(s => s.Kind);

    private static LaneReading Reading(
        long accepted = 0, long dead = 0, long? newestDead = null, NotedBalance? noted = null, params StreamDepth[] streams) =>
        new(new(0), Now, streams.Length > 0 ? streams : [new("raw", 0, 0, 0, 0, 0)], new Dictionary<string, long> { ["accepted"] = accepted }, dead, 3600)
        {
            NewestDeadAt = newestDead,
            NotedBalance = noted,
        };

    private static ProcessRecord Process(string role, JsonObject facts) =>
        new() { Role = role, Id = "x", Host = "host", Pid = 7, Version = "1", StartedAt = 0, At = Now, Facts = facts };
}
