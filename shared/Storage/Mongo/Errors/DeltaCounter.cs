using System.Security.Cryptography;
using System.Text;
using ErrorPipeline.Shared.Contracts;

namespace ErrorPipeline.Shared.Storage.Mongo.Errors;

/// <summary>What each delta of an entry adds to its fingerprint's documents, and what is shown of it once that is counted.</summary>
internal sealed class DeltaCounter(ErrorCollections errors, MongoErrorStoreOptions options, bool careful)
{
    private const int LongestValue = 1000;

    private readonly HashSet<long> _met = [];
    private readonly FacetBook _facets = new(errors, options);
    private readonly UserBook _users = new(errors, options.ExactUsers);
    private readonly SampleBook _samples = new(errors, options.SamplesPerFingerprint);
    private readonly WordBook _words = new(errors);
    private readonly ReleaseNames _releases = new(errors, new(errors));

    public void Count(GuardedCounts counts, CountedDelta counted)
    {
        var (delta, fingerprint) = (counted.Delta, counted.Fingerprint);
        var releases = DeltaReleases.Of(delta);
        _releases.Count(counts, fingerprint, releases);
        var drained = counted.IsNew ? 0 : _releases.Judge(delta.ProjectId, fingerprint.Issue, releases);
        counts.Of(fingerprint).Add("count", delta.Count).Add("drained", drained)
            .Least("firstSeen", delta.FirstSeen).Most("lastSeen", delta.LastSeen).Most("lastReceived", delta.LastReceived)
            .Most("users", _users.Add(fingerprint, delta.Users, careful || !_met.Add(fingerprint.Number)));
        counted.NewEnvironment = _facets.Add(counts, fingerprint, delta.Facets);
        CountHours(counts, fingerprint.Number, delta.Hours);
        foreach (var client in delta.Clients ?? [])
            counts.Of(ErrorCollections.ClientsName, ClientId(delta.ProjectId, client), w =>
            {
                w.Int32("project"u8, delta.ProjectId);
                w.String("client"u8, StoreText.Clean(client.Client, 100));
            }).Add("count", client.Count).Most("lastReceived", client.LastReceived);
    }

    /// <summary>True where the words that search finds it by, or its environments, may have changed.</summary>
    public bool Show(CountedDelta counted)
    {
        var (delta, fingerprint) = (counted.Delta, counted.Fingerprint);
        _releases.Note(fingerprint, DeltaReleases.Of(delta));
        var novel = _samples.Add(fingerprint.Number, delta);
        // What was kept before it was stopped is not new any more, but its words may be missing.
        var telling = careful ? [.. delta.Samples.Where(sample => sample?.Error is not null)] : novel;
        var title = StoreText.Clean(delta.Title, LongestValue);
        errors.Fingerprints.Update(
            w =>
            {
                w.Int64("n"u8, fingerprint.Number);
                w.Compare("lastReceived"u8, "$lte"u8, delta.LastReceived);
            },
            w => w.Set(fields =>
            {
                fields.String("title"u8, title);
                fields.String("culprit"u8, StoreText.Clean(delta.Culprit, LongestValue));
                fields.String("level"u8, StoreText.Clean(delta.Level, 50));
                fields.String("class"u8, StoreText.Clean(delta.Class, 50));
            }));
        foreach (var client in delta.Clients ?? [])
            errors.Clients.Update(
                w =>
                {
                    w.String("_id"u8, ClientId(delta.ProjectId, client));
                    w.Compare("lastReceived"u8, "$lte"u8, client.LastReceived);
                },
                w => w.Set(fields => fields.Int64("lastIssue"u8, fingerprint.Issue)));
        var isNew = fingerprint.LastReceived == long.MinValue;
        return ((isNew || careful || novel.Count > 0 || title != fingerprint.Title) && _words.Add(fingerprint.Number, delta, telling)) || isNew || counted.NewEnvironment;
    }

    private static void CountHours(GuardedCounts counts, long number, IReadOnlyList<HourCount> hours)
    {
        foreach (var hour in hours)
        {
            var environment = StoreText.Clean(hour.Environment, LongestValue);
            counts.Of(ErrorCollections.HoursName, $"{number}:{hour.Hour}:{Hash(environment)}", w =>
            {
                w.Int64("f"u8, number);
                w.Int64("hour"u8, hour.Hour);
                w.String("environment"u8, environment);
            }).Add("count", hour.Count);
        }
    }

    private static string ClientId(int project, ClientCount client) => $"{project}:{StoreText.Clean(client.Client, 100)}";

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 12));
}
