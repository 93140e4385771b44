using System.Security.Cryptography;
using ErrorPipeline.Shared.Storage.Mongo.Native;

namespace ErrorPipeline.Shared.Storage.Mongo;

/// <summary>The collections of the configuration, as a client on its thread sees them.</summary>
internal sealed class MongoConfig
{
    internal const string RevisionId = "revision";

    private readonly MongoSession _session;
    private readonly TimeProvider _clock;

    public MongoConfig(MongoSession session, TimeProvider clock) => (_session, _clock) = (session, clock);

    public MongoProjects Projects => new(new(_session, "projects"), new(_session, "projectKeys"), () => Next("keys"));

    /// <summary>By address in lower case.</summary>
    public MongoCollection Users => new(_session, "users");

    public MongoCollection Tokens => new(_session, "uploadTokens");

    public MongoCollection ApiTokens => new(_session, "apiTokens");

    public MongoCollection Erasures => new(_session, "erasures");

    /// <summary>By project and release.</summary>
    public MongoCollection ReleaseCommits => new(_session, "releaseCommits");

    public MongoCollection Searches => new(_session, "searches");

    public MongoCollection Outbox => new(_session, "outbox");

    private MongoCollection Counters => new(_session, "counters");

    public static string RandomHex() => RandomNumberGenerator.GetHexString(32, lowercase: true);

    /// <summary>A number that was never given out before.</summary>
    public long Next(string counter) => Counters.Increment(counter, "n"u8);

    public long Revision() => Counters.Query(w => w.String("_id"u8, RevisionId), stored => stored["n"u8].Int64()).FirstOrDefault();

    /// <summary>Raises the revision, to the clock's time at least. Two steps, either of which makes it higher.</summary>
    public bool Touch()
    {
        Counters.Increment(RevisionId, "n"u8);
        Counters.Update(w => w.String("_id"u8, RevisionId), w =>
        {
            using var max = w.Document("$max"u8);
            w.Int64("n"u8, _clock.GetUtcNow().ToUnixTimeMilliseconds());
        });
        return true;
    }
}
