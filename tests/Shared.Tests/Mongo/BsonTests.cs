using System.Text;
using ErrorPipeline.Shared.Storage.Mongo.Bson;

namespace ErrorPipeline.Shared.Tests.Mongo;

public class BsonTests
{
    [Test]
    public void Writer_OnTheExamplesOfTheFormat_GivesTheirBytes()
    {
        using var writer = new BsonWriter();
        writer.String("hello"u8, "world");
        writer.Finish().SequenceEqual("\x16\0\0\0\x02hello\0\x06\0\0\0world\0\0"u8).Should().BeTrue();

        writer.Reset();
        using (writer.Array("BSON"u8))
        {
            writer.String(default, "awesome"u8);
            writer.Double(default, 5.05);
            writer.Int32(default, 1986);
        }

        Convert.ToHexString(writer.Finish()).Should().Be(
            "310000000442534F4E002600000002300008000000617765736F6D65000131003333333333331440103200C20700000000");
    }

    [Test]
    public void Writer_WithMoreThanTenElements_NumbersThemAll()
    {
        using var writer = new BsonWriter();
        using (writer.Array("a"u8))
        {
            for (var i = 0; i < 1234; i++)
                writer.Int32(default, i);
        }

        var next = 0;
        foreach (var element in new BsonView(writer.Finish())["a"u8].Document())
        {
            element.KeyText.Should().Be($"{next}");
            element.Int32().Should().Be(next++);
        }

        next.Should().Be(1234);
    }

    [TestCase("")]
    [TestCase("a\0b")]
    [TestCase("\uD83D\uDE00 grinning")]
    [TestCase("$ne")]
    public void Text_OfAnyKind_ComesBack(string text)
    {
        using var writer = new BsonWriter();
        writer.String("t"u8, text);
        new BsonView(writer.Finish())["t"u8].String().Should().Be(text);
    }

    [Test]
    public void Text_WithALoneSurrogate_IsMended()
    {
        using var writer = new BsonWriter();
        writer.String("t"u8, "a\uD800b");
        new BsonView(writer.Finish())["t"u8].String().Should().Be("a\uFFFDb");
    }

    [Test]
    public void Text_OfAMegabyte_ComesBack()
    {
        var text = new string('é', 1 << 20);
        using var writer = new BsonWriter(16);
        writer.String("t"u8, text);
        new BsonView(writer.Finish())["t"u8].String().Should().Be(text);
    }

    [Test]
    public void Key_WithNul_IsRefused()
    {
        using var writer = new BsonWriter();
        var write = () => writer.Null("a\0b"u8);
        write.Should().Throw<ArgumentException>();
    }

    [Test]
    public void Documents_DeeperThanAServerTakes_AreNotWritten()
    {
        using var writer = new BsonWriter();
        var write = () =>
        {
            for (var i = 0; i < BsonWriter.MostDepth; i++)
                writer.Document("d"u8);
        };
        write.Should().Throw<BsonFormatException>();
    }

    [Test]
    public void Numbers_OfWhicheverType_AreReadAsOne()
    {
        using var writer = new BsonWriter();
        writer.Int32("int"u8, -5);
        writer.Int64("long"u8, long.MinValue);
        writer.Double("double"u8, 1e15);
        writer.Double("broken"u8, 1.5);
        writer.String("text"u8, "5");
        var bytes = writer.Finish().ToArray();

        new BsonView(bytes)["int"u8].Int64().Should().Be(-5);
        new BsonView(bytes)["long"u8].Int64().Should().Be(long.MinValue);
        new BsonView(bytes)["double"u8].Int64().Should().Be(1_000_000_000_000_000);
        ((Action)(() => new BsonView(bytes)["long"u8].Int32())).Should().Throw<BsonFormatException>();
        ((Action)(() => new BsonView(bytes)["broken"u8].Int64())).Should().Throw<BsonFormatException>();
        ((Action)(() => new BsonView(bytes)["text"u8].Int64())).Should().Throw<BsonFormatException>();
        ((Action)(() => new BsonView(bytes)["none"u8].Int64())).Should().Throw<BsonFormatException>().WithMessage("*none*");
    }

    [Test]
    public void EveryType_IsPassedOverToTheNext()
    {
        // A value of each type that is not written here, then one that is.
        foreach (var (type, value) in new (byte Type, string Value)[]
        {
            (0x06, ""), (0x07, "0102030405060708090A0B0C"), (0x0B, "6100" + "6900"), (0x0C, "0200000061000102030405060708090A0B0C"), (0x0D, "020000006100"),
            (0x0E, "020000006100"), (0x0F, "0F000000" + "020000006100" + "0500000000"), (0x11, "0102030405060708"), (0x13, new string('0', 32)), (0x7F, ""), (0xFF, ""),
        })
        {
            var body = Convert.FromHexString($"{type:X2}6100{value}" + "106200" + "2A000000" + "00");
            byte[] document = [.. BitConverter.GetBytes(body.Length + 4), .. body];
            new BsonView(document)["b"u8].Int32().Should().Be(42, $"after type {type:x2}");
            new BsonView(document).Check();
        }
    }

    [Test]
    public void WriterAndReader_OnceWarm_AllocateNothing()
    {
        using var writer = new BsonWriter();
        long sum = 0;
        Round(writer, ref sum);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            Round(writer, ref sum);
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().Be(0);
        sum.Should().BePositive();

        static void Round(BsonWriter writer, ref long sum)
        {
            writer.Reset();
            writer.String("name"u8, "renderCart");
            using (writer.Document("inner"u8))
                writer.Int64("count"u8, 3);
            writer.Binary("hash"u8, "0123"u8);
            var view = new BsonView(writer.Finish());
            sum += view["inner"u8].Document()["count"u8].Int64() + view["hash"u8].Binary().Length + Encoding.UTF8.GetCharCount(view["name"u8].Utf8());
        }
    }
}
