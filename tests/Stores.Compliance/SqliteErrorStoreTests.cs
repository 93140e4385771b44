using ErrorPipeline.Shared.Storage;

namespace ErrorPipeline.Stores.Compliance;

[TestFixture]
internal sealed class SqliteErrorStoreTests : ErrorStoreCompliance
{
    private SqliteTestFile _file = null!;

    protected override IErrorStore Connect() => _file.Open();

    protected override Task CreateAsync()
    {
        _file = new();
        return Task.CompletedTask;
    }

    protected override Task RemoveAsync()
    {
        _file.Dispose();
        return Task.CompletedTask;
    }

    protected override IDisposable StopApplyingMidway()
    {
        // Outcomes are written last: everything else is in the transaction by then.
        _file.Execute("CREATE TRIGGER stop BEFORE INSERT ON outcomes BEGIN SELECT RAISE(ROLLBACK, 'stopped'); END");
        return new Undo(() => _file.Execute("DROP TRIGGER stop"));
    }

    private sealed class Undo(Action action) : IDisposable
    {
        public void Dispose() => action();
    }
}
