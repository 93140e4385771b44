using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Shared.Storage.Mongo;
using ErrorPipeline.Shared.Storage.Mongo.Bson;

namespace ErrorPipeline.Stores.Compliance;

/// <summary>
/// Every query that the dashboard makes is heard on its way to the server and compared with the indexes that are there. The server of the tests
/// calls every plan an index scan, so what is asked for is the least that an index needs: its first field in the filter, or the whole order by it up to a limit.
/// </summary>
[TestFixture]
internal sealed class MongoQueryPlanTests
{
    private const int OpMessage = 2013;

    /// <summary>
    /// Read whole on purpose. Lanes and counters are a handful; the summary counts everything, and is asked for by the page of operators alone.
    /// </summary>
    private static readonly HashSet<string> Whole = ["lanes", "counters", "aggregate issues", "aggregate events"];

    private MongoTestDatabase _database = null!;

    [OneTimeSetUp]
    public async Task MakeDatabase() => _database = await MongoTestDatabase.CreateAsync();

    [OneTimeTearDown]
    public async Task DropDatabase()
    {
        if (_database is not null)
            await _database.DisposeAsync();
    }

    [Test]
    public async Task Readers_EveryQuery_BeginsWithAnIndex()
    {
        await using (var store = new MongoErrorStore(new() { Uri = _database.Uri }))
            await SomeHistory.WriteAsync(store, seed: 1);
        var messages = _database.Record();
        await using (var reader = new MongoErrorReader(new() { Uri = _database.Uri }))
            await Answers.OfAsync(reader);

        var asked = messages.Select(Read).OfType<Asked>().ToList();
        asked.Should().HaveCountGreaterThan(100);
        var shapes = asked.Select(one => one.Shape).ToHashSet();
        var indexes = new Dictionary<string, List<List<string>>>();
        foreach (var collection in asked.Select(one => one.Collection).Distinct())
            indexes[collection] = await _database.ListIndexesAsync(collection);
        asked.Where(one => !Whole.Contains(one.Collection) && !Whole.Contains($"{one.Command} {one.Collection}") && !one.Begins(indexes[one.Collection]))
            .Select(one => one.Shape).Distinct().Should().BeEmpty("each of these would read a whole collection; {0} shapes were looked at", shapes.Count);
    }

    [TestCase("x", "", 0, false)]
    [TestCase("a", "", 0, true)]
    [TestCase("b", "", 0, false)]
    [TestCase("b", "a,b", 5, true)]
    [TestCase("b", "a,b", 0, false)]
    [TestCase("", "b", 5, false)]
    [TestCase("_id", "x", 5, true)]
    public void Rule_OfAnIndexOverAAndB(string filter, string sort, int limit, bool uses) =>
        new Asked("find", "c", [.. Split(filter)], [.. Split(sort)], limit).Begins([["_id"], ["a", "b"]]).Should().Be(uses);

    private static string[] Split(string fields) => fields.Split(',', StringSplitOptions.RemoveEmptyEntries);

    private static Asked? Read(byte[] message)
    {
        if (message.Length < 26 || BitConverter.ToInt32(message, 12) != OpMessage || message[20] != 0)
            return null;
        var body = new BsonView(message.AsSpan(21, BitConverter.ToInt32(message, 21)));
        if (body.TryFind("find"u8, out var found))
            return new("find", found.String(), Fields(body, "filter"u8), Keys(body, "sort"u8), body.TryFind("limit"u8, out var limit) ? limit.Int64() : 0);
        if (!body.TryFind("aggregate"u8, out var aggregate))
            return null;
        var stage = default(BsonView);
        foreach (var first in body["pipeline"u8].Document())
        {
            stage = first.Document();
            break;
        }

        return new("aggregate", aggregate.String(), Fields(stage, "$match"u8), [], 0);
    }

    private static List<string> Keys(BsonView of, ReadOnlySpan<byte> name)
    {
        List<string> keys = [];
        if (!of.TryFind(name, out var element))
            return keys;
        foreach (var key in element.Document())
            keys.Add(key.KeyText);
        return keys;
    }

    /// <summary>Fields that must all fit; what is only one of several ways is left out.</summary>
    private static HashSet<string> Fields(BsonView of, ReadOnlySpan<byte> name)
    {
        HashSet<string> fields = [];
        if (of.TryFind(name, out var element))
            Add(element.Document(), fields);
        return fields;
    }

    private static void Add(BsonView filter, HashSet<string> fields)
    {
        foreach (var field in filter)
        {
            if (field.KeyText == "$and")
            {
                foreach (var part in field.Document())
                    Add(part.Document(), fields);
            }
            else if (field.KeyText[0] != '$')
            {
                fields.Add(field.KeyText);
            }
        }
    }

    private sealed record Asked(string Command, string Collection, HashSet<string> Filter, List<string> Sort, long Limit)
    {
        public string Shape => $"{Command} {Collection} where {string.Join(", ", Filter.Order())} by {string.Join(", ", Sort)}{(Limit > 0 ? " up to a limit" : "")}";

        public bool Begins(List<List<string>> indexes) => indexes.Exists(index =>
            Filter.Contains(index[0]) || (Limit > 0 && Sort.Count > 0 && index.Take(Sort.Count).SequenceEqual(Sort)));
    }
}
