using System.Security.Cryptography;
using System.Text;
using ErrorPipeline.Shared.Contracts;

namespace ErrorPipeline.Shared.Storage.Mongo.Errors;

/// <summary>What each delta of an entry adds to its fingerprint's documents, and what is shown of it once that is counted.</summary>
internal sealed class DeltaCounter(ErrorCollections errors, MongoErrorStoreOptions options, bool careful)
{
    private const int LongestValue = 1000;

    private readonly FacetBook _facets = new(errors, options, careful);
    private readonly UserBook _users = new(errors, options.ExactUsers);
    private readonly SampleBook _samples = new(errors, options.SamplesPerFingerprint);
    private readonly WordBook _words = new(errors);
    private readonly ReleaseNames _releases = new(errors, new(errors));
    private HashSet<long> _grown = [];
    private HashSet<long> _newFacets = [];
    private IReadOnlyDictionary<long, long> _met = new Dictionary<long, long>();

    public void Count(GuardedCounts counts, IReadOnlyCollection<CountedDelta> counted)
    {
        _grown = _releases.Count(counts, counted);
        var draining = _releases.Judge(counted);
        var users = _met = _users.Add(counted, careful);
        _newFacets = _facets.Add(counts, counted);
        foreach (var one in counted)
        {
            var (delta, fingerprint) = (one.Delta, one.Fingerprint);
            counts.Of(fingerprint).Add("count", delta.Count).Add("drained", draining.GetValueOrDefault(one))
                .Least("firstSeen", delta.FirstSeen).Most("lastSeen", delta.LastSeen).Most("lastReceived", delta.LastReceived)
                .Most("users", users.GetValueOrDefault(fingerprint.Number, fingerprint.Users));
            CountHours(counts, fingerprint.Number, delta.Hours);
            foreach (var client in delta.Clients ?? [])
                counts.Of(ErrorCollections.ClientsName, ClientId(delta.ProjectId, client), w =>
                {
                    w.Int32("project"u8, delta.ProjectId);
                    w.String("client"u8, StoreText.Clean(client.Client, 100));
                }).Add("count", client.Count).Most("lastReceived", client.LastReceived);
        }
    }

    /// <summary>Once all is counted. The issues whose words that search finds them by, or whose facets, may have changed.</summary>
    public HashSet<long> Show(IReadOnlyCollection<CountedDelta> counted)
    {
        if (careful)
            Recount();
        _releases.Note(counted, careful ? [.. counted.Select(one => one.Fingerprint.Number).Distinct()] : _grown);
        var novel = _samples.Add(counted);
        Describe(counted);
        NameClients(counted);
        var told = counted.Where(one => one.Fingerprint.IsEmpty || careful || novel[one].Any() || StoreText.Clean(one.Delta.Title, LongestValue) != one.Fingerprint.Title)
            // What was kept before it was stopped is not new any more, but its words may be missing.
            .Select(one => (one.Fingerprint.Number, one.Delta, (IReadOnlyList<EventSample>)(careful ? [.. one.Delta.Samples.Where(sample => sample?.Error is not null)] : [.. novel[one]]))).ToList();
        var spoken = _words.Add(told);
        return [.. counted.Where(one => one.Fingerprint.IsEmpty || spoken.Contains(one.Fingerprint.Number) || _newFacets.Contains(one.Fingerprint.Number)).Select(one => one.Fingerprint.Issue)];
    }

    /// <summary>
    /// Who had begun this may have counted while another lane was applied: each started from a number without the users of the other. What is
    /// counted already is passed over above, and the number is put right here.
    /// </summary>
    private void Recount() => errors.Fingerprints.UpdateAll([.. _met], (w, one) => w.Int64("n"u8, one.Key), (w, one) =>
    {
        using var most = w.Document("$max"u8);
        w.Int64("users"u8, one.Value);
    });

    private void Describe(IReadOnlyCollection<CountedDelta> counted) => errors.Fingerprints.UpdateAll(
        [.. counted.Select(one => (one.Delta, one.Fingerprint.Number))],
        (w, one) =>
        {
            w.Int64("n"u8, one.Number);
            w.Compare("lastReceived"u8, "$lte"u8, one.Delta.LastReceived);
        },
        (w, one) => w.Set(fields =>
        {
            fields.String("title"u8, StoreText.Clean(one.Delta.Title, LongestValue));
            fields.String("culprit"u8, StoreText.Clean(one.Delta.Culprit, LongestValue));
            fields.String("level"u8, StoreText.Clean(one.Delta.Level, 50));
            fields.String("class"u8, StoreText.Clean(one.Delta.Class, 50));
        }));

    private void NameClients(IReadOnlyCollection<CountedDelta> counted) => errors.Clients.UpdateAll(
        [.. counted.SelectMany(one => (one.Delta.Clients ?? []).Select(client => (Id: ClientId(one.Delta.ProjectId, client), client.LastReceived, one.Fingerprint.Issue)))],
        (w, one) =>
        {
            w.String("_id"u8, one.Id);
            w.Compare("lastReceived"u8, "$lte"u8, one.LastReceived);
        },
        (w, one) => w.Set(fields => fields.Int64("lastIssue"u8, one.Issue)));

    private static void CountHours(GuardedCounts counts, long number, IReadOnlyList<HourCount> hours)
    {
        foreach (var hour in hours)
        {
            var environment = StoreText.Clean(hour.Environment, LongestValue);
            counts.Of(ErrorCollections.HoursName, HourId(number, hour.Hour, environment), w =>
            {
                w.Int64("f"u8, number);
                w.Int64("hour"u8, hour.Hour);
                w.String("environment"u8, environment);
            }).Add("count", hour.Count);
        }
    }

    internal static string HourId(long number, long hour, string environment) => $"{number}:{hour}:{Hash(environment)}";

    private static string ClientId(int project, ClientCount client) => $"{project}:{StoreText.Clean(client.Client, 100)}";

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 12));
}
