using System.Threading.Channels;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Shared.Streams;

namespace ErrorPipeline.Web.Commands;

/// <summary>
/// Brings changes of issue state to the writer. A command is kept in the config store until the error store shows it applied, and sent
/// again while it does not: Redis may lose it, web may stop between the two steps. Its id makes sending it twice harmless.
/// </summary>
internal sealed partial class CommandOutbox(IConfigStore store, IErrorReader errors, CommandStream commands, TimeProvider clock, ILogger<CommandOutbox> log)
    : BackgroundService
{
    private static readonly TimeSpan Resend = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    private readonly Channel<bool> _added = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Dictionary<string, DateTimeOffset> _sent = new(StringComparer.Ordinal);

    /// <summary>Returns when the store shows the command applied, or after a second: then the page says that it is on its way.</summary>
    /// <param name="details">What the kind asks for beyond an issue.</param>
    public Task<bool> AddAsync(string kind, long issueId, string? by, CancellationToken cancel, Func<StoreCommand, StoreCommand>? details = null) =>
        AddAllAsync(kind, [issueId], by, cancel, details);

    /// <summary>The same for each of some issues; true where all of them show it.</summary>
    public async Task<bool> AddAllAsync(string kind, IReadOnlyList<long> issues, string? by, CancellationToken cancel, Func<StoreCommand, StoreCommand>? details = null)
    {
        List<string> sent = [];
        foreach (var issue in issues)
        {
            var command = new StoreCommand { Id = Guid.NewGuid().ToString("n"), Kind = kind, IssueId = issue, At = clock.GetUtcNow().ToUnixTimeMilliseconds(), By = by };
            await SendAsync(details?.Invoke(command) ?? command, cancel);
            sent.Add(command.Id);
        }

        var deadline = clock.GetUtcNow() + LongestWait;
        while (clock.GetUtcNow() < deadline)
        {
            if ((await errors.AppliedCommandsAsync(sent, cancel)).Count == sent.Count)
                return true;
            await Task.Delay(Look, clock, cancel);
        }

        return false;
    }

    /// <summary>Returns when the command is sure to reach the writer some time.</summary>
    public async Task SendAsync(StoreCommand command, CancellationToken cancel)
    {
        await store.AddToOutboxAsync(command, cancel);
        _added.Writer.TryWrite(true);
    }

    /// <summary>The last command for an issue that is not applied yet; what its page shows as pending.</summary>
    public async Task<StoreCommand?> PendingAsync(long issueId, CancellationToken cancel)
    {
        var mine = (await store.ListOutboxAsync(cancel)).Where(c => c.IssueId == issueId).ToList();
        if (mine.Count == 0)
            return null;
        var applied = await errors.AppliedCommandsAsync(mine.Select(c => c.Id).ToList(), cancel);
        return mine.LastOrDefault(c => !applied.Contains(c.Id));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var waiting = 1;
            try
            {
                waiting = await RoundAsync(stoppingToken);
            }
            catch (Exception e) when (e is RedisUnavailableException or StoreUnavailableException)
            {
                LogNotSent(e.Message);
                await Task.Delay(TimeSpan.FromSeconds(1), clock, stoppingToken);
            }

            // Nothing in the outbox costs nothing: the next command wakes this up.
            if (waiting == 0)
                await _added.Reader.ReadAsync(stoppingToken);
            else
                await Task.Delay(Look, clock, stoppingToken);
        }
    }

    /// <summary>Forgets what was applied and sends what is due; returns how many are left.</summary>
    private async Task<int> RoundAsync(CancellationToken cancel)
    {
        var waiting = await store.ListOutboxAsync(cancel);
        if (waiting.Count == 0)
            return 0;
        var applied = await errors.AppliedCommandsAsync(waiting.Select(c => c.Id).ToList(), cancel);
        if (applied.Count > 0)
            await store.RemoveFromOutboxAsync(applied, cancel);
        foreach (var id in applied)
            _sent.Remove(id);

        var now = clock.GetUtcNow();
        // One at a time for each issue: were the first lost and sent again, it would come after the second and undo it.
        var due = waiting.Where(c => !applied.Contains(c.Id)).ToList();
        foreach (var command in due.DistinctBy(c => c.IssueId).Where(c => !IsTooEarly(c, due) && (!_sent.TryGetValue(c.Id, out var at) || at + Resend <= now)))
        {
            await commands.SendAsync(command);
            _sent[command.Id] = now;
        }

        return waiting.Count - applied.Count;
    }

    /// <summary>What takes changes back comes after all of them.</summary>
    private static bool IsTooEarly(StoreCommand command, List<StoreCommand> due) =>
        command.Kind == CommandKind.Restore && due.Exists(other => other.Kind != CommandKind.Restore && other.Batch == command.Batch);

    [LoggerMessage(3011, LogLevel.Warning, "commands wait in the outbox: {Reason}")]
    private partial void LogNotSent(string reason);
}

internal static class CommandsSetup
{
    public static void AddCommands(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<CommandOutbox>();
        builder.Services.AddHostedService(s => s.GetRequiredService<CommandOutbox>());
    }
}
