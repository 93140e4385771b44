using System.Diagnostics;
using System.Text;
using System.Text.Json;
using ErrorPipeline.Rigs;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Workers.Normalize;
using ErrorPipeline.Workers.Normalize.Protocols;

namespace ErrorPipeline.Workers.Tests.Normalize.Protocols;

/// <summary>Every adapter on bodies that are damaged at random, starting from the corpus.</summary>
public class AdapterFuzzTests
{
    private static readonly byte[][] Values =
    [
        .. new[]
        {
            "null", "true", "false", "0", "-1", "1e999", "1e308", "99999999999999999999", "\"\"", "\"x\"", "[]", "{}", "[[]]", "{\"a\":{}}", "\"\\ud83d\"", "\"\\u0000\\udc00\"", "{\"\\ud83d\":1}",
            "\"2026-13-45\"", "[null,1,\"a\",{}]", "{\"values\":[{}]}", "\"chrome-extension://\"", "\"://\"", "\"Uncaught \"", "[[1,2],[3]]", "\"TypeError: \"",
            string.Concat(Enumerable.Repeat("[", 50)) + string.Concat(Enumerable.Repeat("]", 50)), string.Concat(Enumerable.Repeat("{\"a\":", 80)), "\"" + new string('a', 3000) + "\"",
        }.Select(Encoding.UTF8.GetBytes),
    ];

    [TestCaseSource(typeof(Adapters), nameof(Adapters.Names))]
    public void Read_MutatedEvents_NeverThrows(string protocol) => Run(protocol, 20_000);

    [TestCaseSource(typeof(Adapters), nameof(Adapters.Names)), Category("Long")]
    public void Read_AMillionMutatedEvents_NeverThrows(string protocol) => Run(protocol, 1_000_000);

    private static void Run(string protocol, int mutations)
    {
        var random = new Random(61);
        var adapter = Adapters.Of(protocol);
        var stage = new NormalizeStage();
        var folder = protocol == "native" ? GoldenCorpusTests.Folder : Path.Combine(GoldenCorpusTests.Folder, protocol);
        var seeds = Directory.EnumerateFiles(folder, "*.raw.json").Order(StringComparer.Ordinal).Select(File.ReadAllBytes).ToList();
        var clock = new Stopwatch();
        for (var i = 0; i < mutations; i++)
        {
            var body = seeds[random.Next(seeds.Count)];
            for (var times = random.Next(1, 4); times > 0; times--)
                body = random.Next(3) == 0 ? Mutations.Damaged(body, random) : Retyped(body, random);
            clock.Restart();
            try
            {
                adapter(body);
                // The stages behind see but some of them: they take most of the time.
                if (i % 50 == 0)
                    JsonSerializer.Serialize(stage.Normalize(Unique(protocol, body))[0], ContractsJson.Default.NormalizedError);
            }
            catch (Exception e)
            {
                Assert.Fail($"mutation {i} of {protocol}: {e}\n{Encoding.UTF8.GetString(body)}");
            }

            if (clock.Elapsed > Mutations.Hang)
            {
                // A machine that was held up is not held up twice at the same mutation.
                clock.Restart();
                adapter(body);
                clock.Elapsed.Should().BeLessThan(Mutations.Hang, $"no input may hang an adapter, and mutation {i} of {protocol} does");
            }
        }
    }

    private static UniqueError Unique(string protocol, byte[] body) => new()
    {
        ProjectId = 1,
        Protocol = protocol,
        Body = body,
        Occurrences = [new() { EventId = Some.EventId(1), ReceivedAt = Some.Time }],
    };

    /// <summary>Another value, mostly of another type, in the place of one.</summary>
    private static byte[] Retyped(byte[] body, Random random)
    {
        var places = new List<(int Start, int End)>();
        var open = new Stack<int>();
        var reader = new Utf8JsonReader(body);
        try
        {
            while (reader.Read())
            {
                var (start, end) = ((int)reader.TokenStartIndex, (int)reader.BytesConsumed);
                if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
                    open.Push(start);
                else if (reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray)
                    places.Add((open.Pop(), end));
                else if (reader.TokenType != JsonTokenType.PropertyName)
                    places.Add((start, end));
            }
        }
        catch (JsonException)
        {
            // Damaged before: what was read of it still has places.
        }

        if (places.Count == 0)
            return Mutations.Damaged(body, random);
        var (from, to) = places[random.Next(places.Count)];
        return [.. body.AsSpan(0, from), .. Values[random.Next(Values.Length)], .. body.AsSpan(to)];
    }
}
