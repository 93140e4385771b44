using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Shared.Streams;

namespace ErrorPipeline.Stores.Compliance;

/// <summary>
/// What every <see cref="IErrorStore"/> must do, one file per topic. An engine derives from it and makes stores; several
/// stores on the same data are several processes.
/// </summary>
internal abstract partial class ErrorStoreCompliance
{
    private readonly List<IAsyncDisposable> _open = [];
    private long _commands;

    protected const string LaneName = "lane-00";

    /// <summary>The first process: the one that leads unless a test says otherwise.</summary>
    protected IErrorStore Store => (IErrorStore)_open[0];

    protected long Token { get; private set; }

    /// <summary>Makes an empty place for the data of one test.</summary>
    protected abstract Task CreateAsync();

    /// <summary>Removes it; every store is closed by then.</summary>
    protected abstract Task RemoveAsync();

    /// <summary>While the returned value is not disposed, every apply stops in the middle, as if its process was killed, and throws.</summary>
    protected abstract IDisposable StopApplyingMidway();

    /// <summary>A store on the data of this test, as another process would open it.</summary>
    protected abstract IErrorStore Connect();

    /// <summary>False where readers may see an entry in one issue before another, as without transactions.</summary>
    protected virtual bool ReadsWholeEntries => true;

    /// <summary>How many random histories each property is tried on.</summary>
    protected virtual int Histories => 30;

    [SetUp]
    public async Task SetUpStore()
    {
        _commands = 0;
        await CreateAsync();
        Open();
        await Store.MigrateAsync(default);
        Token = await Store.TakeLeadershipAsync("test", default);
    }

    [TearDown]
    public async Task TearDownStore()
    {
        foreach (var store in _open)
            await store.DisposeAsync();
        _open.Clear();
        await RemoveAsync();
    }

    protected IErrorStore Open()
    {
        var store = Connect();
        _open.Add(store);
        return store;
    }

    /// <summary>Applies one more entry of these deltas to the lane.</summary>
    protected Task<Applied> Apply(params IssueDelta[] deltas) => ApplyBatch(new() { Issues = deltas });

    protected async Task<Applied> ApplyBatch(DeltaBatch batch)
    {
        var cursor = await Store.ReadCursorAsync(LaneName, default);
        return await Store.ApplyAsync(Token, LaneName, cursor, [new(new(1000, cursor.Seq + 1), batch)], default);
    }

    protected async Task<Applied> Command(string kind, long issue, long at, string? id = null)
    {
        var previous = _commands == 0 ? StreamId.Zero : Some.Id(_commands);
        return await Store.ApplyCommandsAsync(Token, previous, [new(Some.Id(++_commands), Some.Command(kind, issue, at, id))], default);
    }

    protected async Task<Applied> Command(StoreCommand command)
    {
        var previous = _commands == 0 ? StreamId.Zero : Some.Id(_commands);
        return await Store.ApplyCommandsAsync(Token, previous, [new(Some.Id(++_commands), command)], default);
    }

    protected async Task<IReadOnlyList<IssueRow>> Issues(IssueQuery? query = null)
        => (await Store.ListIssuesAsync(query ?? Some.Query, default)).Rows;

    protected async Task<IssueRow> OnlyIssue() => (await Issues()).Should().ContainSingle().Subject;

    protected async Task<IssueDetail> Detail(long issue) => (await Store.GetIssueAsync(Some.Project, issue, default))!;
}
