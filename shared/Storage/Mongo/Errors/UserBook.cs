using System.Security.Cryptography;
using System.Text;
using ErrorPipeline.Shared.Storage.Mongo.Bson;

namespace ErrorPipeline.Shared.Storage.Mongo.Errors;

/// <summary>
/// Distinct users: documents while there are few, registers of a HyperLogLog beyond. Both are sets joined by union, so a repeat
/// changes nothing.
/// </summary>
internal sealed class UserBook(ErrorCollections errors, int exact)
{
    /// <summary>Of several deltas in one step. The new number for each of their fingerprints; never less than the one before.</summary>
    /// <param name="counted">Deltas and their fingerprints.</param>
    /// <param name="careful">Some may have been added by one that did not live to tell their number.</param>
    public IReadOnlyDictionary<long, long> Add(IReadOnlyCollection<CountedDelta> counted, bool careful)
    {
        var known = new Dictionary<long, long>();
        var met = counted.Where(one => one.Delta.Users.Count > 0).GroupBy(one => one.Fingerprint.Number)
            .Select(same => (Fingerprint: same.First().Fingerprint, Users: same.SelectMany(one => one.Delta.Users.Select(Key)).Distinct(StringComparer.Ordinal).ToList())).ToList();
        var added = Insert([.. met.Where(one => !one.Fingerprint.Sketched).SelectMany(one => one.Users.Select(user => (one.Fingerprint.Number, user)))]);
        foreach (var (fingerprint, users) in met)
        {
            if (fingerprint.Sketched)
            {
                known[fingerprint.Number] = Math.Max(fingerprint.Users, Join(fingerprint.Number, users));
                continue;
            }

            var number = careful ? errors.Users.Count(BsonQuery.Number("f", fingerprint.Number)) : fingerprint.Users + added[fingerprint.Number].Count();
            known[fingerprint.Number] = number <= exact ? number : TurnIntoSketch(fingerprint, number);
        }

        return known;
    }

    /// <summary>Users of fingerprints of which each may have met the same ones.</summary>
    public long Union(IReadOnlyList<FingerprintDocument> fingerprints)
    {
        if (fingerprints.Count == 1)
            return fingerprints[0].Users;
        var numbers = fingerprints.Select(fingerprint => fingerprint.Number).ToList();
        var users = errors.Users.Query(w => w.In("f"u8, numbers), found => found["user"u8].String()).ToHashSet();
        if (!fingerprints.Any(fingerprint => fingerprint.Sketched))
            return users.Count;
        var union = new HyperLogLog();
        errors.Sketches.Query(w => w.In("_id"u8, numbers), found => new HyperLogLog(found["registers"u8].Binary().ToArray())).ForEach(union.Join);
        foreach (var user in users)
            union.Add(user);
        return Math.Max(fingerprints.Max(fingerprint => fingerprint.Users), union.Estimate());
    }

    /// <summary>Those that were not there.</summary>
    private ILookup<long, string> Insert(IReadOnlyList<(long Fingerprint, string User)> users)
    {
        var known = errors.Users.InsertAll(users, (w, one) =>
        {
            w.String("_id"u8, $"{one.Fingerprint}:{one.User}");
            w.Int64("f"u8, one.Fingerprint);
            w.String("user"u8, one.User);
        });
        return users.Where((_, index) => !known.Contains(index)).ToLookup(one => one.Fingerprint, one => one.User);
    }

    private long TurnIntoSketch(FingerprintDocument fingerprint, long known)
    {
        var estimate = Join(fingerprint.Number, errors.Users.Query(BsonQuery.Number("f", fingerprint.Number), found => found["user"u8].String()));
        errors.Fingerprints.Update(BsonQuery.Number("n", fingerprint.Number), w => w.Set(fields => fields.Bool("sketched"u8, true)));
        errors.Users.Delete(BsonQuery.Number("f", fingerprint.Number));
        return Math.Max(known, estimate);
    }

    /// <summary>Each register only rises: whoever else has changed them meanwhile, what they added stays.</summary>
    private long Join(long number, IEnumerable<string> users)
    {
        var mine = new HyperLogLog();
        foreach (var user in users)
            mine.Add(user);
        while (true)
        {
            var stored = errors.Sketches.First(BsonQuery.Id(number), found => new Sketch(found["change"u8].Int64(), found["registers"u8].Binary().ToArray()));
            if (stored is not null)
                mine.Join(new HyperLogLog(stored.Registers));
            var saved = stored is null
                ? errors.Sketches.Insert(w =>
                {
                    w.Int64("_id"u8, number);
                    w.Int64("change"u8, 1);
                    w.Binary("registers"u8, mine.Registers);
                })
                : errors.Sketches.Update(
                    w =>
                    {
                        w.Int64("_id"u8, number);
                        w.Int64("change"u8, stored.Change);
                    },
                    w => w.Set(fields =>
                    {
                        fields.Int64("change"u8, stored.Change + 1);
                        fields.Binary("registers"u8, mine.Registers);
                    })) > 0;
            if (saved)
                return mine.Estimate();
        }
    }

    /// <summary>Keys are short hashes by contract; whatever is not is made one, so that long ones stay distinct.</summary>
    private static string Key(string user) => user.Length <= 128
        ? StoreText.Clean(user, 128)
        : "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(user)));

    private sealed record Sketch(long Change, byte[] Registers);
}
