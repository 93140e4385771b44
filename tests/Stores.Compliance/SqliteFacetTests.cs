using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Shared.Storage.Sqlite;

namespace ErrorPipeline.Stores.Compliance;

/// <summary>What visitors make up cannot make the store grow without end.</summary>
[TestFixture]
internal sealed class SqliteFacetTests : WithSqliteSession
{
    [Test]
    public void Facets_MoreValuesThanAreKept_CountTheRestTogether()
    {
        var facets = new FacetCounter(Session, valuesPerFacet: 3, rowsPerFingerprint: 100);
        for (var n = 0; n < 10; n++)
            facets.Add(1, "page", $"/{n}", 2).Should().Be(n < 3 ? $"/{n}" : FacetValue.Rest);
        facets.Add(1, "page", "/1", 1).Should().Be("/1");
        facets.Add(1, "browser", "Chrome", 1).Should().Be("Chrome");

        Rows().Should().Equal(("browser", "Chrome", 1L), ("page", FacetValue.Rest, 14L), ("page", "/0", 2L), ("page", "/1", 3L), ("page", "/2", 2L));
    }

    [Test]
    public void Facets_MoreDimensionsThanAreKept_AreNotAdded()
    {
        var facets = new FacetCounter(Session, valuesPerFacet: 3, rowsPerFingerprint: 4);
        for (var n = 0; n < 50; n++)
            facets.Add(1, $"tag:{n}", "x", 1);
        facets.Add(1, "tag:1", "x", 1);

        Rows().Should().Equal(("tag:0", "x", 1L), ("tag:1", "x", 2L), ("tag:2", "x", 1L), ("tag:3", "x", 1L));
    }

    private List<(string, string, long)> Rows() => Session.Query(
        "SELECT dimension, value, count FROM facets ORDER BY dimension, value", row => (row.GetString(0), row.GetString(1), row.GetInt64(2)));
}
