using System.Text;
using System.Text.Json;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Workers.Normalize.Reading;
using ErrorPipeline.Workers.Normalize.Scrubbing;

namespace ErrorPipeline.Workers.Tests.Normalize;

public class NativeEventReaderTests
{
    private static ReadEvent Read(string json) => NativeEventReader.Read(Encoding.UTF8.GetBytes(json));

    [Test]
    public void Read_WholeEvent_GivesEveryField()
    {
        var read = Read("""
            {"id":"00112233445566778899aabbccddeeff","timestamp":1763780000000,"type":"TypeError","message":"x","stack":"f@a.js:1:2",
             "source":{"file":"https://a.test/x.js","line":3,"col":4},"causes":[{"type":"Error","message":"inner"}],"mechanism":"onerror","handled":false,
             "level":"fatal","url":"https://a.test/p","referrer":"https://b.test/","release":"1.2","environment":"prod","user":{"id":7,"email":"a@b.test"},
             "session":"s1","tags":{"a":"x","b":2,"c":true,"d":{}},"meta":{"cart":[1,2]},"breadcrumbs":[{"timestamp":"2026-11-22T00:00:00Z","category":"ui","message":"click","data":{"id":1}}],
             "fingerprint":["a",1],"sdk":{"name":"ep","version":"1.0"},"unknown":[[[]]]}
            """);

        read.Should().BeEquivalentTo(new ReadEvent
        {
            Timestamp = 1763780000000,
            Fault = new("TypeError", "x", "f@a.js:1:2"),
            Source = new() { File = "https://a.test/x.js", Line = 3, Column = 4 },
            Causes = [new("Error", "inner", null)],
            Mechanism = "onerror",
            Handled = false,
            Level = "fatal",
            Url = "https://a.test/p",
            Referrer = "https://b.test/",
            Release = "1.2",
            Environment = "prod",
            User = new("7", "a@b.test", null),
            Session = "s1",
            Tags = [new("a", "x"), new("b", "2"), new("c", "true")],
            Fingerprint = ["a", "1"],
            Sdk = "ep 1.0",
        }, options => options.Excluding(e => e.Meta).Excluding(e => e.Breadcrumbs));
        Encoding.UTF8.GetString(read.Meta.Span).Should().Be("""{"cart":[1,2]}""");
        var crumb = read.Breadcrumbs.Should().ContainSingle().Which;
        (crumb with { Data = default }).Should().Be(new ReadCrumb(1795305600000, "ui", null, "click", default));
        Encoding.UTF8.GetString(crumb.Data.Span).Should().Be("""{"id":1}""");
    }

    [TestCase("""{"message":"a\ud83db"}""", "a\ufffdb")]
    [TestCase("""{"message":"a\ude00\ud83d"}""", "a\ufffd\ufffd")]
    [TestCase("""{"message":"\ud83d\ude00"}""", "\U0001F600")]
    [TestCase("""{"message":"a\u0000b\u001b\n\tc\\\/\"d"}""", "ab\n\tc\\/\"d")]
    [TestCase("""{"m\u0065ssage":"x"}""", "x")]
    [TestCase("""{"\ud83d":1,"message":"x"}""", "x")]
    [TestCase("""{"message":{"a":1}}""", null)]
    [TestCase("""{"message":7}""", null)]
    [TestCase("""{"message":""}""", null)]
    [TestCase("""{"message":"a","message":[1]}""", "a")]
    [TestCase("""{"message":"a","message":"b"}""", "b")]
    [TestCase("""{"message":"before","x":}""", "before")]
    [TestCase("""{"message":"before","meta":{"a":[""", "before")]
    public void Read_HostileMessage_IsCleanedWithoutThrowing(string json, string? expected) => Read(json).Fault.Message.Should().Be(expected);

    [Test]
    public void Read_BrokenUtf8_IsReplaced() =>
        NativeEventReader.Read((byte[])[.. "{\"message\":\"a"u8, 0xff, 0xc3, .. "b\"}"u8]).Fault.Message.Should().Be("a\ufffd\ufffdb");

    [TestCase("")]
    [TestCase("[]")]
    [TestCase("null")]
    [TestCase("{")]
    [TestCase("\"x")]
    [TestCase("{\"a\":1e99999}garbage")]
    public void Read_NotOneObject_NeverThrows(string json)
    {
        var read = () => Read(json);

        read.Should().NotThrow();
    }

    [TestCase("253402300799999", 253402300799999L)]
    [TestCase("1e400", null)]
    [TestCase("-5", null)]
    [TestCase("\"9999-12-31T23:59:59.999Z\"", 253402300799999L)]
    [TestCase("\"99999-01-01\"", null)]
    [TestCase("\"yesterday\"", null)]
    [TestCase("{}", null)]
    [TestCase("1763780000000.75", 1763780000000L)]
    public void Read_Timestamp_IsATimeOrAbsent(string value, long? expected) => Read($$"""{"timestamp":{{value}}}""").Timestamp.Should().Be(expected);

    [Test]
    public void Read_OversizedFields_AreCut()
    {
        var read = Read($$"""
            {"message":"{{new string('m', 20_000)}}","stack":"{{new string('s', 100_000)}}","url":"{{new string('u', 9_000)}}",
             "tags":{ {{string.Join(',', Enumerable.Range(0, 90).Select(i => $"\"k{i}{new string('k', 100)}\":\"{new string('v', 500)}\""))}} },
             "breadcrumbs":[{{string.Join(',', Enumerable.Range(0, 150).Select(i => $"{{\"message\":\"{i}\"}}"))}}]}
            """);

        read.Fault.Message!.Length.Should().Be(FieldLimits.Message);
        read.Fault.Stack!.Length.Should().Be(FieldLimits.Stack);
        read.Url!.Length.Should().Be(FieldLimits.Url);
        read.Tags.Should().HaveCount(FieldLimits.Tags).And.OnlyContain(t => t.K.Length == FieldLimits.TagKey && t.V.Length == FieldLimits.TagValue);
        read.Breadcrumbs.Select(b => b.Message).Should().Equal(Enumerable.Range(50, 100).Select(i => i.ToString()));
    }

    [Test]
    public void Read_Meta_KeepsHostileKeysAsDataAndScrubs()
    {
        var meta = Scrub.Usual.Json(Read("""{"meta":{"__proto__":{"x":1},"$where":"1","a.b":[null,true,1e3,{"password":"p","n":12345678901234567890123456789012345678901234567890}],"mail":"a@b.test","token":{"deep":["x"]},"t":null}}""").Meta, FieldLimits.Meta);

        meta.Should().Be("""{"__proto__":{"x":1},"$where":"1","a.b":[null,true,1e3,{"password":"[Filtered]","n":"1234567890123456789012345678901234567890..."}],"mail":"[email]","token":"[Filtered]","t":null}""");
    }

    [Test]
    public void Read_MetaOfAnySize_StaysValidJsonWithinItsBound()
    {
        var random = new Random(99);
        for (var i = 0; i < 300; i++)
        {
            var meta = Scrub.Usual.Json(Read($$"""{"meta":{{RandomJson(random, 0, 40)}}}""").Meta, FieldLimits.Meta);

            if (meta is null)
                continue;
            Encoding.UTF8.GetByteCount(meta).Should().BeLessThanOrEqualTo(FieldLimits.Meta);
            var parse = () => JsonDocument.Parse(meta).Dispose();
            parse.Should().NotThrow(meta);
        }
    }

    private static string RandomJson(Random random, int depth, int width) => random.Next(depth > 6 ? 4 : 7) switch
    {
        0 => random.Next().ToString(),
        1 => "\"" + string.Concat(Enumerable.Repeat("x\\\"é\\ud83d\\u0001", random.Next(200))) + "\"",
        2 => "true",
        3 => "\"" + new string('a', random.Next(4000)) + "\"",
        4 => "[" + string.Join(',', Enumerable.Range(0, random.Next(width)).Select(_ => RandomJson(random, depth + 1, width / 2))) + "]",
        _ => "{" + string.Join(',', Enumerable.Range(0, random.Next(width)).Select(i => $"\"k{i}\\ud83d\\ude00\":{RandomJson(random, depth + 1, width / 2)}")) + "}",
    };
}
