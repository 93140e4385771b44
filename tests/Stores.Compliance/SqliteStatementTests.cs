using ErrorPipeline.Shared.Storage.Sqlite;

namespace ErrorPipeline.Stores.Compliance;

/// <summary>Values there and back, and that a statement is planned once.</summary>
[TestFixture]
internal sealed class SqliteStatementTests : WithSqliteSession
{
    private static readonly object?[] Values = [null, 0L, long.MinValue, long.MaxValue, -0.5, "", "a\0b", "日本 🐟", Array.Empty<byte>(), new byte[] { 0, 1, 255 }];

    [TestCaseSource(nameof(Values))]
    public void Value_BoundAndRead_IsTheSame(object? value)
    {
        Session.Scalar("SELECT ?1", value).Should().BeEquivalentTo(value);
        Session.Query("SELECT ?1", row => row.GetValue(0), value).Single().Should().BeEquivalentTo(value);
    }

    [Test]
    public void Numbers_OfOtherTypes_AreStoredAsIntegers() =>
        Session.Query("SELECT ?1, ?2", row => (row.GetInt32(0), row.GetInt64(1)), 7, true).Should().Equal((7, 1L));

    [Test]
    public void Null_ReadAsAValue_IsRefused() =>
        Session.Invoking(s => s.Query("SELECT NULL", row => row.GetString(0))).Should().Throw<InvalidOperationException>().WithMessage("*column 0*");

    [Test]
    public void TwoStatements_AsOne_AreRefused() =>
        Session.Invoking(s => s.Execute("SELECT 1; SELECT 2")).Should().Throw<ArgumentException>().WithMessage("*more than one statement*");

    [Test]
    public void Insert_OfARow_TellsItsId() =>
        new[] { Insert(), Insert() }.Should().Equal(1, 2);

    /// <summary>With a partial index in reach SQLite may look at the values bound, and plan anew for every run.</summary>
    [Test]
    public void Deltas_OfManyValues_AreAppliedWithoutPlanningAgain()
    {
        for (var i = 1; i <= 5; i++)
            Session.InTransaction(s => new DeltaApplier(s, new() { Path = "" }, singly: false).Apply("lane-00", [Some.Entry(i, Some.Delta($"f{i % 2}").Of($"{i}.0"))]));
        Session.Statements.Should().HaveCountGreaterThan(20);
        Session.PlannedAgain.Should().BeEmpty();
    }

    private long Insert() => Session.Insert("INSERT INTO approximate (lane, from_ms, to_ms, reason) VALUES ('lane-00', 1, 2, 'x')");
}
