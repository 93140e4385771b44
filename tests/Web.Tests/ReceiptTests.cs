using System.Net;
using System.Text.Json;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Streams;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace ErrorPipeline.Web.Tests;

public class ReceiptTests
{
    private const string Event = "0123456789abcdef0123456789abcdef";
    private const int Project = 1;

    private static readonly Lane Home = Lane.Of(Project, Event, 2);

    [Test]
    public async Task Receipt_FollowsAnEvent_FromItsQueueToItsIssue()
    {
        await using var rig = await DashboardRig.StartAsync();
        using var visitor = await rig.VisitSignedInAsync();
        var redis = rig.App.Services.GetRequiredService<RedisConnection>();
        (await StateAsync(visitor)).Should().Be("unknown");

        var message = new System.Buffers.ArrayBufferWriter<byte>();
        MessageCodec.Write(message, new RawError { ProjectId = Project, EventId = Event, ReceivedAt = 0, Protocol = "native", Body = new byte[] { 1 } });
        var framed = new System.Buffers.ArrayBufferWriter<byte>();
        MessageFrames.Append(framed, message.WrittenSpan);
        var entry = await redis.ExecuteAsync("XADD", (RedisKey)Home.Raw, "*", "v", 1, "n", 1, "d", framed.WrittenSpan.ToArray());
        (await StateAsync(visitor)).Should().Be("in_flight");
        (await visitor.ReadAsync($"/receipts?event={Event}")).Should().Contain("waiting for dedupe").And.Contain(Home.Name);
        await redis.ExecuteAsync("XDEL", (RedisKey)Home.Raw, (string)entry!);

        await rig.ApplyAsync(new DeltaBatch { Fates = [new("filtered:extension", Ids())] });
        (await StateAsync(visitor)).Should().Be("filtered");
        var changes = await rig.ApplyAsync(Some.Delta(Project, "a") with { EventIds = Ids() });
        (await StateAsync(visitor)).Should().Be("stored");
        var page = await visitor.ReadAsync($"/receipts?event={Event.ToUpperInvariant().Insert(8, "-")}");
        page.Should().Contain($"/issues/{Project}/{changes[0].IssueId}").And.Contain("filtered:extension");
    }

    [Test]
    public async Task Receipt_OfADeadLetter_SaysSo_AndQuotesNothingAsMarkup()
    {
        await using var rig = await DashboardRig.StartAsync();
        using var visitor = await rig.VisitSignedInAsync();
        await rig.App.Services.GetRequiredService<RedisConnection>().ExecuteAsync(
            "XADD", (RedisKey)Home.Dead, "*", "v", 1, "n", 1, "d", Event, "stage", "<b>normalize</b>", "stream", Home.Unique, "project", Project, "event", "another", "error", "x", "at", 1);
        (await StateAsync(visitor)).Should().Be("dead");
        (await visitor.ReadAsync($"/receipts?event={Event}&project={Project}")).Should().Contain("&lt;b&gt;normalize").And.NotContain("<b>normalize");
    }

    [Test]
    public async Task Search_ForAnEventId_LeadsToItsReceipt_AndNonsenseIsNamed()
    {
        using var search = await Shared.Ann.GetAsync($"/issues?q={Event}&project=1");
        search.StatusCode.Should().Be(HttpStatusCode.Redirect);
        search.Headers.Location!.ToString().Should().Be($"/receipts?event={Event}&project=1");
        (await Shared.Ann.ReadAsync("/receipts?event=<script>")).Should().Contain("no event id").And.NotContain("<script>\"");
        using var nonsense = await Shared.Ann.GetAsync("/api/v1/receipts/1/nonsense");
        nonsense.StatusCode.Should().Be(HttpStatusCode.BadRequest);
    }

    private static byte[] Ids() => ShortIds.Pack([EventIdentity.Of(Project, Event).Short]);

    private static async Task<string?> StateAsync(Visitor visitor)
    {
        using var answer = JsonDocument.Parse(await visitor.ReadAsync($"/api/v1/receipts/{Project}/{Event}"));
        return answer.RootElement.GetProperty("data").GetProperty("state").GetString();
    }
}
