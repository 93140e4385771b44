using ErrorPipeline.Shared.SourceMaps;

namespace ErrorPipeline.Shared.Tests.SourceMaps;

/// <summary>Lines of many segments, where lookups take a short cut: they must answer like a walk over all of them.</summary>
public class LongLinesTests
{
    [TestCase(1, 130, 400)]
    [TestCase(2, 5_000, 60_000)]
    [TestCase(3, 500, int.MaxValue)]
    [TestCase(4, 2_000, 300)]
    [TestCase(5, 127, 1_000)]
    public void Lookup_InALongLine_FindsTheLastSegmentAtOrBeforeAndOfEqualsTheFirst(int seed, int segments, int width)
    {
        var random = new Random(seed);
        // A short line, the long one, an empty one, a long one that begins late.
        var columns = Sorted(random, segments, width, 0);
        var late = Sorted(random, segments, width, width / 2);
        Mapping[] mappings =
        [
            new(0, 3, 0, 1, 1),
            .. columns.Select((column, i) => new Mapping(1, column, 0, i, 7)),
            .. late.Select((column, i) => new Mapping(3, column, 0, i, 9)),
        ];
        var map = MapText.Map(mappings, ["a.ts"], []);

        foreach (var (line, all) in new[] { (1, columns), (3, late) })
        {
            foreach (var column in Asked(random, all, width))
            {
                var last = Array.FindLastIndex(all, c => c <= column);
                var lookup = map.Find(line, column, out var at);
                lookup.Should().Be(last < 0 ? MapLookup.ColumnBeforeMappings : MapLookup.Found, "of column {0}", column);
                if (last >= 0)
                    at.Line.Should().Be(all[last] == column ? Array.IndexOf(all, column) : last, "of column {0}", column);
            }
        }

        map.Find(0, 3, out _).Should().Be(MapLookup.Found);
        map.Find(2, 3, out _).Should().Be(MapLookup.LineWithoutMappings);
        map.LastColumn(1).Should().Be(columns[^1]);
        map.LastColumn(2).Should().Be(-1);
    }

    private static int[] Sorted(Random random, int segments, int width, int from) =>
        [.. Enumerable.Range(0, segments).Select(_ => random.Next(from, width)).Order()];

    private static IEnumerable<int> Asked(Random random, int[] columns, int width) =>
        Enumerable.Range(0, 500).Select(_ => random.Next(width)).Concat([0, columns[0] - 1, columns[0], columns[^1], int.MaxValue]).Where(column => column >= 0)
            .Concat(Enumerable.Range(0, 200).Select(_ => columns[random.Next(columns.Length)]));
}
