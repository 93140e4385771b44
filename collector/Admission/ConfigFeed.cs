using System.Text.Json;
using ErrorPipeline.Collector.Spool;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Streams;
using StackExchange.Redis;

namespace ErrorPipeline.Collector.Admission;

/// <summary>
/// Keeps the project keys in memory what web last said. Announced through Redis, read again now and then because announcements get
/// lost, and kept in a file beside the log so that a collector that starts without Redis knows its projects.
/// </summary>
internal sealed partial class ConfigFeed(
    ProjectDirectory projects, ConfigChannel channel, WriteAheadLog log, TimeProvider time, ILogger<ConfigFeed> logger) : BackgroundService
{
    /// <summary>Until something is known, a second is long.</summary>
    private static readonly TimeSpan FirstPoll = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(30);

    private readonly WakeUp _changed = new(time);
    private readonly string _file = Path.Combine(log.Folder.Path, "config.json");

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        // Before the first request is taken.
        LoadFile();
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await channel.ListenAsync(_changed.Set);
        while (!stoppingToken.IsCancellationRequested)
        {
            await ReadAsync();
            try
            {
                await _changed.WaitAsync(projects.IsKnown ? Poll : FirstPoll, stoppingToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task ReadAsync()
    {
        try
        {
            if (await channel.ReadAsync() is not { } snapshot || snapshot.Revision <= projects.Revision)
                return;
            if (snapshot.V != ConfigSnapshot.CurrentVersion)
            {
                UnknownVersion(logger, snapshot.V);
                return;
            }

            projects.Replace(snapshot);
            Changed(logger, snapshot.Revision, snapshot.Projects.Count);
            SaveFile(snapshot);
        }
        catch (Exception e) when (e is RedisUnavailableException or RedisException)
        {
            // The forwarder tells that Redis is away; what is known stays known.
        }
        catch (JsonException e)
        {
            Unreadable(logger, e, "Redis");
        }
    }

    private void LoadFile()
    {
        try
        {
            if (File.Exists(_file)
                && JsonSerializer.Deserialize(File.ReadAllBytes(_file), ContractsJson.Default.ConfigSnapshot) is { V: ConfigSnapshot.CurrentVersion } snapshot)
            {
                projects.Replace(snapshot);
                FromFile(logger, snapshot.Revision, time.GetUtcNow().UtcDateTime - File.GetLastWriteTimeUtc(_file));
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            Unreadable(logger, e, _file);
        }
    }

    private void SaveFile(ConfigSnapshot snapshot)
    {
        try
        {
            File.WriteAllBytes(_file + ".new", JsonSerializer.SerializeToUtf8Bytes(snapshot, ContractsJson.Default.ConfigSnapshot));
            File.Move(_file + ".new", _file, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            NotSaved(logger, e, _file);
        }
    }

    [LoggerMessage(1100, LogLevel.Information, "Configuration {Revision} with {Projects} projects is in force")]
    private static partial void Changed(ILogger logger, long revision, int projects);

    [LoggerMessage(1101, LogLevel.Information, "Started with configuration {Revision} from the last-known-good file, {Age} old")]
    private static partial void FromFile(ILogger logger, long revision, TimeSpan age);

    [LoggerMessage(1102, LogLevel.Error, "The configuration in {Where} cannot be read; the one before stays in force")]
    private static partial void Unreadable(ILogger logger, Exception why, string where);

    [LoggerMessage(1103, LogLevel.Error, "Configuration of version {Version} is unknown to this build; the one before stays in force")]
    private static partial void UnknownVersion(ILogger logger, int version);

    [LoggerMessage(1104, LogLevel.Warning, "The last-known-good configuration could not be saved to {Path}")]
    private static partial void NotSaved(ILogger logger, Exception why, string path);
}
