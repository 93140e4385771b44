using System.Text.Json;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Streams;
using StackExchange.Redis;

namespace ErrorPipeline.Workers.Normalize.Policies;

/// <summary>
/// Keeps what projects decided as web last said it. Announced through Redis and read again now and then, because announcements get lost; what
/// is known stays known while Redis has lost it. The first batch waits for the first reading.
/// </summary>
internal sealed partial class PolicyFeed(ConfigChannel channel, TimeProvider time, ILogger<PolicyFeed> log) : BackgroundService
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(10);

    private readonly WakeUp _changed = new(time);
    private readonly SemaphoreSlim _reading = new(1, 1);
    private volatile PolicySet? _current;
    private long _revision = -1;

    /// <summary>Throws <see cref="RedisUnavailableException"/> before anything was read.</summary>
    public async Task<PolicySet> CurrentAsync()
    {
        if (_current is null)
            await ReadAsync();
        return _current ?? PolicySet.Usual;
    }

    public override void Dispose()
    {
        base.Dispose();
        _reading.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await channel.ListenAsync(_changed.Set);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ReadAsync();
            }
            catch (Exception e) when (e is RedisUnavailableException or RedisException)
            {
                // The pumps tell that Redis is away; what is known stays known.
            }

            try
            {
                await _changed.WaitAsync(Poll, stoppingToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task ReadAsync()
    {
        await _reading.WaitAsync();
        try
        {
            if (await channel.ReadAsync() is not { } snapshot || snapshot.Revision <= _revision)
                return;
            if (snapshot.V != ConfigSnapshot.CurrentVersion)
            {
                LogUnknown(snapshot.V);
                return;
            }

            var policies = new PolicySet(snapshot.Projects);
            foreach (var (project, line) in policies.Broken)
                LogBroken(project, line);
            (_current, _revision) = (policies, snapshot.Revision);
            LogInForce(snapshot.Revision);
        }
        catch (JsonException e)
        {
            LogUnreadable(e);
        }
        finally
        {
            _reading.Release();
        }
    }

    [LoggerMessage(2350, LogLevel.Information, "Filters, rules and privacy of configuration {Revision} are in force")]
    private partial void LogInForce(long revision);

    [LoggerMessage(2351, LogLevel.Error, "Configuration of version {Version} is unknown to this build; the one before stays in force")]
    private partial void LogUnknown(int version);

    [LoggerMessage(2352, LogLevel.Error, "The configuration in Redis cannot be read; the one before stays in force")]
    private partial void LogUnreadable(Exception why);

    [LoggerMessage(2353, LogLevel.Warning, "Rule {Line} of project {Project} cannot be read by this build and is passed over")]
    private partial void LogBroken(int project, int line);
}

internal static class PolicyRegistration
{
    /// <summary>Several stages may ask for it; there is one.</summary>
    public static void AddPolicies(this IServiceCollection services)
    {
        if (services.Any(s => s.ServiceType == typeof(PolicyFeed)))
            return;
        services.AddSingleton<PolicyFeed>();
        services.AddHostedService(provider => provider.GetRequiredService<PolicyFeed>());
    }
}
