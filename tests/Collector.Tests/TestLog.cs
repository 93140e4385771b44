using ErrorPipeline.Collector.Forwarding;
using ErrorPipeline.Collector.Spool;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace ErrorPipeline.Collector.Tests;

internal static class TestLog
{
    public static WriteAheadLog Open(string folder, Disk? disk = null, Action<SpoolOptions>? change = null)
    {
        var options = new SpoolOptions { LogDirectory = folder };
        change?.Invoke(options);
        return new(Options.Create(options), Options.Create(new PipelineOptions()), TimeProvider.System, NullLogger<WriteAheadLog>.Instance, disk ?? Disk.Real);
    }

    /// <summary>The events of one lane as a forwarder would see them, in order.</summary>
    public static List<RawError> Read(SegmentFolder folder, int lane = 0)
    {
        using var reader = new LaneReader(folder, lane);
        var sent = new Dictionary<Producer, long>();
        var batch = new LaneBatch(7, 1 << 20);
        var events = new List<RawError>();
        while (reader.Fill(batch, p => sent.GetValueOrDefault(p)))
        {
            var message = batch.ToMessage(sent.GetValueOrDefault(batch.Producer!), adopt: false);
            message.Last.Should().BeGreaterThan(message.Previous);
            sent[batch.Producer!] = batch.Last;
            events.AddRange(MessageFrames.Split(message.Raw).Select(MessageCodec.ReadRaw));
        }

        return events;
    }
}
