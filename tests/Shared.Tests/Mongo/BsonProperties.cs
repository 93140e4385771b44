using System.Text;
using ErrorPipeline.Shared.Storage.Mongo.Bson;
using FsCheck;
using FsCheck.Fluent;

namespace ErrorPipeline.Shared.Tests.Mongo;

public class BsonProperties
{
    private const string Alphabet = "aZ09.$_-\u00e9\u4e16\0";

    [Test]
    public void Documents_WrittenAndRead_AreTheSame() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed =>
        {
            var document = Document(new Random(seed), 0);
            var bytes = Write(document);
            new BsonView(bytes).Check();
            Read(new BsonView(bytes)).Should().BeEquivalentTo(document, options => options.WithStrictOrdering().RespectingRuntimeTypes());
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(200).WithReplay(20261122, 11));

    [TestCase(40_000)]
    [TestCase(2_000_000, Category = "Long"), CancelAfter(600_000)]
    public void Reader_OnMutilatedDocuments_ReadsOrRefusesAndNothingElse(int rounds)
    {
        var random = new Random(20261122);
        var good = Enumerable.Range(0, 50).Select(_ => Write(Document(random, 0))).ToList();
        var (taken, refused) = (0, 0);
        for (var round = 0; round < rounds; round++)
        {
            var bytes = Mutilate(random, good[random.Next(good.Count)]);
            try
            {
                new BsonView(bytes).Check();
                Read(new BsonView(bytes));
                taken++;
            }
            catch (BsonFormatException)
            {
                refused++;
            }
        }

        taken.Should().BeGreaterThan(rounds / 100);
        refused.Should().BeGreaterThan(rounds / 10);
    }

    [Test]
    public void Reader_OnRandomBytes_ReadsOrRefusesAndNothingElse()
    {
        var random = new Random(7);
        var refused = 0;
        for (var round = 0; round < 40_000; round++)
        {
            var bytes = new byte[random.Next(5, 60)];
            random.NextBytes(bytes);
            BitConverter.TryWriteBytes(bytes, bytes.Length);
            bytes[^1] = 0;
            bytes[4] = (byte)random.Next(0x14);
            try
            {
                new BsonView(bytes).Check();
            }
            catch (BsonFormatException)
            {
                refused++;
            }
        }

        refused.Should().BeInRange(20_000, 39_999);
    }

    [Test]
    public void Reader_OnEndlessNesting_Refuses()
    {
        var bytes = new byte[] { 5, 0, 0, 0, 0 };
        for (var depth = 0; depth < 2000; depth++)
            bytes = [.. BitConverter.GetBytes(bytes.Length + 8), 3, (byte)'d', 0, .. bytes, 0];
        var check = () => new BsonView(bytes).Check();
        check.Should().Throw<BsonFormatException>();
    }

    private static byte[] Mutilate(Random random, byte[] good)
    {
        var bytes = good.ToArray();
        for (var change = random.Next(1, 4); change > 0; change--)
        {
            var at = random.Next(bytes.Length);
            switch (random.Next(4))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2 when bytes.Length - at >= 4:
                    BitConverter.TryWriteBytes(bytes.AsSpan(at), Lengths(bytes.Length)[random.Next(6)]);
                    break;
                default:
                    bytes = bytes[..Math.Max(5, at)];
                    break;
            }
        }

        // Mostly the outermost frame is put right again, so that what is inside is reached.
        if (random.Next(8) > 0)
        {
            BitConverter.TryWriteBytes(bytes, bytes.Length);
            bytes[^1] = 0;
        }

        return bytes;
    }

    private static int[] Lengths(int length) => [0, -1, int.MaxValue, int.MinValue, 4, length];

    private static List<(string Key, object? Value)> Document(Random random, int depth) =>
        [.. Enumerable.Range(0, random.Next(6)).Select(i => ($"{Text(random, 6).Replace("\0", "")}{i}", Value(random, depth)))];

    private static object? Value(Random random, int depth) => random.Next(depth > 3 ? 7 : 9) switch
    {
        0 => random.Next(),
        1 => random.NextInt64(long.MinValue, long.MaxValue),
        2 => random.NextDouble() * 1e300,
        3 => random.Next(2) == 0,
        4 => Text(random, 40),
        5 => Encoding.UTF8.GetBytes(Text(random, 40)),
        6 => null,
        7 => Document(random, depth + 1),
        _ => Enumerable.Range(0, random.Next(13)).Select(_ => Value(random, depth + 1)).ToList(),
    };

    private static string Text(Random random, int length) =>
        string.Concat(Enumerable.Range(0, random.Next(length)).Select(_ => Alphabet[random.Next(Alphabet.Length)]));

    private static byte[] Write(List<(string Key, object? Value)> document)
    {
        using var writer = new BsonWriter(16);
        foreach (var (key, value) in document)
            Write(writer, key, value);
        return writer.Finish().ToArray();
    }

    private static void Write(BsonWriter writer, string name, object? value)
    {
        var key = Encoding.UTF8.GetBytes(name);
        switch (value)
        {
            case int number: writer.Int32(key, number); break;
            case long number: writer.Int64(key, number); break;
            case double number: writer.Double(key, number); break;
            case bool flag: writer.Bool(key, flag); break;
            case string text: writer.String(key, text); break;
            case byte[] bytes: writer.Binary(key, bytes); break;
            case null: writer.Null(key); break;
            case List<(string, object?)> inner:
                using (writer.Document(key))
                    inner.ForEach(pair => Write(writer, pair.Item1, pair.Item2));
                break;
            case List<object?> items:
                using (writer.Array(key))
                    items.ForEach(item => Write(writer, "", item));
                break;
        }
    }

    private static List<(string Key, object? Value)> Read(BsonView document)
    {
        List<(string, object?)> read = [];
        foreach (var element in document)
            read.Add((element.KeyText, Value(element)));
        return read;
    }

    private static object? Value(BsonElement element) => element.Type switch
    {
        BsonType.Int32 => element.Int32(),
        BsonType.Int64 => element.Int64(),
        BsonType.Double => element.Double(),
        BsonType.Bool => element.Bool(),
        BsonType.String => element.String(),
        BsonType.Binary => element.Binary().ToArray(),
        BsonType.Document => Read(element.Document()),
        BsonType.Array => Read(element.Document()).Select(pair => pair.Value).ToList(),
        _ => null,
    };
}
