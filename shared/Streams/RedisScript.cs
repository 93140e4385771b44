using ErrorPipeline.Shared.Hosting;

namespace ErrorPipeline.Shared.Streams;

/// <summary>A Lua script embedded in this assembly.</summary>
internal sealed class RedisScript
{
    private RedisScript(string name, string folder = "Streams")
    {
        using var stream = typeof(RedisScript).Assembly.GetManifestResourceStream($"ErrorPipeline.Shared.{folder}.Scripts.{name}.lua")
            ?? throw new InvalidOperationException($"script {name} is not embedded");
        using var reader = new StreamReader(stream);
        Text = Guard.InScript(reader.ReadToEnd());
    }

    public string Text { get; }

    public static RedisScript OfLocking(string name) => new(name, "Locking");

    public static readonly RedisScript Forward = new("forward");
    public static readonly RedisScript Hop = new("hop");
    public static readonly RedisScript Park = new("park");
    public static readonly RedisScript Unpark = new("unpark");
    public static readonly RedisScript Renew = new("renew");
    public static readonly RedisScript TakeOver = new("take-over");
    public static readonly RedisScript AnswerRoll = new("answer-roll");
    public static readonly RedisScript LeaveRoll = new("leave-roll");
    public static readonly RedisScript PruneConsumers = new("prune-consumers");
    public static readonly RedisScript Trim = new("trim");
    public static readonly RedisScript Floor = new("floor");
    public static readonly RedisScript DrainOutcomes = new("drain-outcomes");
    public static readonly RedisScript Settled = new("settled");
    public static readonly RedisScript CountOutcomes = new("count-outcomes");
    public static readonly RedisScript Command = new("command");
    public static readonly RedisScript Ledger = new("ledger");
    public static readonly RedisScript Doubt = new("doubt");
    public static readonly RedisScript NoteBalance = new("note-balance");
    public static readonly RedisScript ReplayDead = new("replay-dead");
}
