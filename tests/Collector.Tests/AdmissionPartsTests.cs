using System.Net;
using System.Text;
using ErrorPipeline.Collector.Admission;
using ErrorPipeline.Collector.Spool;
using ErrorPipeline.Rigs;
using ErrorPipeline.Shared.Protocols;
using ErrorPipeline.Shared.Protocols.Native;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace ErrorPipeline.Collector.Tests;

public sealed class AdmissionPartsTests
{
    [Test]
    public void Skim_Spans_AreTheEventsOwnBytes()
    {
        var random = new Random(9);
        var into = new SkimmedRequest();
        for (var round = 0; round < 300; round++)
        {
            var events = Enumerable.Range(0, random.Next(1, 20)).Select(i => $$"""{"a":[{"id":"{{Some.Id(7)}}"},{{i}}], "id" : "{{Some.Id(i)}}" ,"t":"\"}{"}""").ToList();
            var space = new string(' ', random.Next(3));
            var list = $"{space}[{space}{string.Join($"{space},\n{space}", events)}{space}]";
            var body = Encoding.UTF8.GetBytes(random.Next(2) == 0 ? list : $$"""{"x":{"events":[1]},"events":{{list}},"sentAt":5}""");

            NativeSkim.Read(body, new(), into).Should().BeNull();
            into.Events.Select(e => Encoding.UTF8.GetString(body, e.Start, e.Length)).Should().Equal(events);
            into.Events.Select(e => e.Id!.Value.ToString()).Should().Equal(Enumerable.Range(0, events.Count).Select(Some.Id));
        }
    }

    [Test]
    public void Skim_AnyBytesChanged_NeverThrows()
    {
        var random = new Random(4);
        var into = new SkimmedRequest();
        var good = Encoding.UTF8.GetBytes("""{"sentAt":1700000000000,"suppressed":3,"events":[{"id":"00000000-0000-0000-0000-000000000001","m":"\ud83d\ude00\u0000","n":-1.5e3},{"meta":{"a":[[]]}}]}""");
        for (var round = 0; round < 20_000; round++)
        {
            var body = good.ToArray();
            for (var changes = random.Next(1, 4); changes > 0; changes--)
                body[random.Next(body.Length)] = (byte)random.Next(256);
            if (NativeSkim.Read(body, new(), into) is null)
                into.Events.Should().NotBeEmpty().And.OnlyContain(e => e.Start >= 0 && e.Start + e.Length <= body.Length && body[e.Start] == '{');
        }
    }

    [TestCase("00112233445566778899aabbccddeeff", true)]
    [TestCase("00112233-4455-6677-8899-AABBCCDDEEFF", true)]
    [TestCase("-0-0-1-1-2-2-3-3-4-4-5-5-6-6-7-7-8-8-9-9-a-a-b-b-c-c-d-d-e-e-ff", true)]
    [TestCase("00112233445566778899aabbccddeef", false)]
    [TestCase("00112233445566778899aabbccddeeff0", false)]
    [TestCase("{00112233445566778899aabbccddeef}", false)]
    [TestCase("00112233445566778899aabbccddeefg", false)]
    [TestCase("--------------------------------", false)]
    public void EventId_Text_IsNormalizedOrRefused(string text, bool valid)
    {
        EventId.TryParse(Encoding.UTF8.GetBytes(text), out var id).Should().Be(valid);
        if (valid)
            id.ToString().Should().Be("00112233445566778899aabbccddeeff");
    }

    [Test]
    public void RateTable_ManyMoreKeysThanItHolds_StaysBounded()
    {
        var table = new RateTable(TimeProvider.System, TimeSpan.FromMinutes(1), 1000);
        for (var key = 0UL; key < 100_000; key++)
            table.TryTake(key, 5, 1, out _).Should().BeTrue();
        table.Count.Should().BeLessThanOrEqualTo(1000);
    }

    [Test]
    public void RateTable_Debt_IsPaidBeforeTheNext()
    {
        var table = new RateTable(TimeProvider.System, TimeSpan.FromMinutes(1), 1000);
        table.TryTake(1, 60, 1, out _).Should().BeTrue();
        table.Charge(1, 60, 99);
        table.TryTake(1, 60, 1, out var wait).Should().BeFalse();
        wait.Should().BeCloseTo(TimeSpan.FromSeconds(41), TimeSpan.FromSeconds(2));
    }

    [TestCase("10.0.0.1", "1.2.3.4", "1.2.3.4")]
    [TestCase("10.0.0.1", "9.9.9.9, 1.2.3.4", "1.2.3.4")]
    [TestCase("10.0.0.1", "9.9.9.9, 1.2.3.4, 10.0.0.7", "1.2.3.4")]
    [TestCase("10.0.0.1", "1.2.3.4:5678", "1.2.3.4")]
    [TestCase("10.0.0.1", "[2001:db8::1]:443", "2001:db8::1")]
    [TestCase("10.0.0.1", "garbage", "10.0.0.1")]
    [TestCase("8.8.8.8", "1.2.3.4", "8.8.8.8")]
    [TestCase("::ffff:10.0.0.1", "1.2.3.4", "1.2.3.4")]
    public void ClientAddress_ForwardedFor_IsBelievedFromTrustedHopsOnly(string peer, string header, string client)
    {
        var addresses = new ClientAddress(Options.Create(new AdmitOptions { TrustedProxies = "10.0.0.0/8" }));
        var http = new DefaultHttpContext { Connection = { RemoteIpAddress = IPAddress.Parse(peer) } };
        http.Request.Headers["X-Forwarded-For"] = header;
        addresses.Of(http).Should().Be(IPAddress.Parse(client));
    }

    [Test]
    public void ClientAddress_Forwarded_IsReadToo()
    {
        var addresses = new ClientAddress(Options.Create(new AdmitOptions { TrustedProxies = "10.0.0.0/8" }));
        var http = new DefaultHttpContext { Connection = { RemoteIpAddress = IPAddress.Parse("10.0.0.1") } };
        http.Request.Headers["Forwarded"] = "for=9.9.9.9, for=\"[2001:db8:cafe::17]:4711\";proto=https";
        addresses.Of(http).Should().Be(IPAddress.Parse("2001:db8:cafe::17"));
    }

    /// <summary>The path from the skim to the log, without HTTP: what an event costs the collector of garbage.</summary>
    [Test]
    public async Task SkimAndAppend_PerEvent_AllocatesLittle()
    {
        const int events = 2000;
        using var folder = new TempFolder();
        using var log = TestLog.Open(folder.Path, Disk.Real with { Flush = _ => { } });
        var body = Some.Body(1, 1500);
        var into = new SkimmedRequest();
        var error = Some.Error(1);
        await RoundAsync();
        var before = GC.GetTotalAllocatedBytes(precise: true);
        await RoundAsync();
        var each = (GC.GetTotalAllocatedBytes(precise: true) - before) / events;
        TestContext.Out.WriteLine($"{each} bytes allocated per event");
        // Measured: 410 to 480 (the raw message, its id, a commit of its own and the wait for it). A copy of the body would add 1500.
        each.Should().BeLessThan(700);

        async Task RoundAsync()
        {
            for (var i = 0; i < events; i++)
            {
                if (NativeSkim.Read(body, new(), into) is { } failure)
                    throw new InvalidOperationException(failure.Message);
                var place = into.Events[0];
                var raw = error with { EventId = place.Id!.Value.ToString(), Body = body.AsMemory(place.Start, place.Length) };
                await log.AppendAsync([new NewRecord(raw, 0, false)]);
            }
        }
    }
}
