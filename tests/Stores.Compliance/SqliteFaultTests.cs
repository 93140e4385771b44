using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Shared.Storage.Sqlite;
using ErrorPipeline.Shared.Streams;

namespace ErrorPipeline.Stores.Compliance;

/// <summary>What happens to the file: processes killed, locks held, schemas half-way, damage.</summary>
[TestFixture]
internal sealed class SqliteFaultTests
{
    private SqliteTestFile _file = null!;

    [SetUp]
    public void SetUp() => _file = new();

    [TearDown]
    public void TearDown() => _file.Dispose();

    [Test]
    public async Task Writer_KilledAgainAndAgain_HasEveryToldCommitAndNothingTwice()
    {
        for (var round = 0; round < 3; round++)
        {
            var told = await KilledWriter.RunAsync(_file.Path, commits: 40);

            await using var store = _file.Open();
            var cursor = (long)(await store.ReadCursorAsync("lane-00", default)).Seq;
            cursor.Should().BeGreaterThanOrEqualTo(told);
            var expected = Enumerable.Range(1, (int)cursor).SelectMany(n => KilledWriter.Entry(n).Batch.Issues)
                .GroupBy(delta => delta.Title).ToDictionary(group => group.Key, group => group.Sum(delta => delta.Count));
            (await store.ListIssuesAsync(Some.Query with { Limit = 100 }, default)).Rows
                .ToDictionary(row => row.Title, row => row.Count).Should().BeEquivalentTo(expected);
        }

        using var session = _file.Session();
        session.Scalar("PRAGMA integrity_check").Should().Be("ok");
    }

    [Test]
    public async Task Apply_WhileAnotherHoldsTheLock_IsUnavailableAndWorksAfter()
    {
        await using var store = _file.Open();
        await store.MigrateAsync(default);
        var token = await store.TakeLeadershipAsync("x", default);
        LaneEntry[] entries = [Some.Entry(1, Some.Delta())];
        var apply = () => store.ApplyAsync(token, "lane-00", StreamId.Zero, entries, default);
        using (var other = _file.Session())
        {
            other.Execute("BEGIN IMMEDIATE");
            await apply.Should().ThrowAsync<StoreUnavailableException>();
            (await store.ListIssuesAsync(Some.Query, default)).Rows.Should().BeEmpty("readers are never blocked");
            other.Execute("ROLLBACK");
        }

        await apply.Should().NotThrowAsync();
    }

    [Test]
    public async Task Reader_BeforeTheWriterMadeTheStore_IsUnavailableThenWorks()
    {
        await using var reader = new SqliteErrorReader(new() { Path = _file.Path });
        var list = () => reader.ListIssuesAsync(Some.Query, default);
        await list.Should().ThrowAsync<StoreUnavailableException>();
        _file.Execute("PRAGMA user_version = 0");
        await list.Should().ThrowAsync<StoreUnavailableException>().WithMessage("*not ready*");

        await using var store = _file.Open();
        await store.MigrateAsync(default);

        await list.Should().NotThrowAsync();
    }

    [Test]
    public async Task Store_MadeByANewerBuild_IsRefusedInWords()
    {
        await using var store = _file.Open();
        await store.MigrateAsync(default);
        _file.Execute("PRAGMA user_version = 999");

        var migrate = () => store.MigrateAsync(default);
        await using var reader = new SqliteErrorReader(new() { Path = _file.Path });
        var read = () => reader.SummarizeAsync(default);

        await migrate.Should().ThrowAsync<InvalidOperationException>().WithMessage("*999*newer build*");
        await read.Should().ThrowAsync<InvalidOperationException>().WithMessage("*newer build*");
    }

    [Test]
    public async Task Store_ThatIsDamaged_SaysSo()
    {
        await File.WriteAllTextAsync(_file.Path, new string('x', 8192));
        await using var store = _file.Open();

        var migrate = () => store.MigrateAsync(default);

        await migrate.Should().ThrowAsync<StoreCorruptException>().WithMessage("*damaged*backup*");
    }

    [Test]
    public void Migrations_StoppedHalfWay_GoOnWhereTheyWere()
    {
        SqliteMigration[] steps =
        [
            new(1, "one", "CREATE TABLE one (a); INSERT INTO one VALUES (1);"),
            new(2, "two", "CREATE TABLE two (a); INSERT INTO missing VALUES (1);"),
            new(3, "three", "CREATE TABLE three (a);"),
        ];
        using var session = _file.Session();
        var stopped = () => new SqliteMigrations(steps).Apply(session, _file.Path);
        stopped.Should().Throw<Microsoft.Data.Sqlite.SqliteException>();
        session.Number("PRAGMA user_version").Should().Be(1);
        session.Number("SELECT count(*) FROM sqlite_master WHERE name = 'two'").Should().Be(0, "a step is applied whole or not at all");

        steps[1] = steps[1] with { Sql = "CREATE TABLE two (a);" };
        new SqliteMigrations(steps).Apply(session, _file.Path);

        session.Number("PRAGMA user_version").Should().Be(3);
        session.Number("SELECT count(*) FROM one").Should().Be(1);
        session.Number("SELECT count(*) FROM sqlite_master WHERE name IN ('two', 'three')").Should().Be(2);
    }

    [Test]
    public async Task Migrate_FromTwoProcessesAtOnce_HappensOnce()
    {
        await using var one = _file.Open(options => options with { BusyTimeout = TimeSpan.FromSeconds(5) });
        await using var two = _file.Open(options => options with { BusyTimeout = TimeSpan.FromSeconds(5) });

        await Task.WhenAll(one.MigrateAsync(default), two.MigrateAsync(default));

        (await two.SummarizeAsync(default)).Issues.Should().Be(0);
    }

    [Test, Platform("Unix")]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public async Task File_IsReadableByItsOwnerOnly()
    {
        await using var store = _file.Open();
        await store.MigrateAsync(default);

        foreach (var suffix in (string[])["", "-wal", "-shm"])
            File.GetUnixFileMode(_file.Path + suffix).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Test]
    public async Task Read_Cancelled_Stops()
    {
        await using var store = _file.Open();
        await store.MigrateAsync(default);

        var list = () => store.ListIssuesAsync(Some.Query, new CancellationToken(canceled: true));

        await list.Should().ThrowAsync<OperationCanceledException>();
    }
}
