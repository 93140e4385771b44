using System.Security.Cryptography;
using System.Text;

namespace ErrorPipeline.Shared.Storage.Sqlite;

/// <summary>
/// Distinct users: rows while there are few, registers of a HyperLogLog beyond. Both are sets joined by union, so a repeat
/// changes nothing and the users of an issue are the union over its fingerprints.
/// </summary>
internal sealed class UserCounter(SqliteSession session, int exact)
{
    /// <summary>The new number for the fingerprint; never less than the one before.</summary>
    public long Add(long fingerprint, long known, IReadOnlyList<string> users)
    {
        if (users.Count == 0)
            return known;
        if (known > exact)
            return AddToSketch(fingerprint, known, users);
        foreach (var user in users)
            known += session.Execute("INSERT INTO users (fingerprint_id, user) VALUES (?1, ?2) ON CONFLICT DO NOTHING", fingerprint, Key(user));
        return known <= exact ? known : TurnIntoSketch(fingerprint, known);
    }

    /// <summary>Users of issues of several fingerprints, each counted once.</summary>
    public static long Union(SqliteSession session, params IReadOnlyList<long> issues)
    {
        // A JSON array, so that one statement serves any number of issues.
        var ids = $"[{string.Join(',', issues)}]";
        const string Mine = "WHERE fingerprint_id IN (SELECT id FROM fingerprints WHERE issue_id IN (SELECT value FROM json_each(?1)))";
        var sketches = session.Query("SELECT registers FROM user_sketches " + Mine, row => new HyperLogLog(row.GetBytes(0)), ids);
        if (sketches.Count == 0)
            return session.Number("SELECT count(DISTINCT user) FROM users " + Mine, ids);
        var union = new HyperLogLog();
        sketches.ForEach(union.Join);
        session.Query("SELECT user FROM users " + Mine, row => row.GetString(0), ids).ForEach(union.Add);
        var largest = session.Number("SELECT max(users) FROM fingerprints WHERE issue_id IN (SELECT value FROM json_each(?1))", ids);
        return Math.Max(largest, union.Estimate());
    }

    private long TurnIntoSketch(long fingerprint, long known)
    {
        var sketch = new HyperLogLog();
        session.Query("SELECT user FROM users WHERE fingerprint_id = ?1", row => row.GetString(0), fingerprint).ForEach(sketch.Add);
        session.Execute("DELETE FROM users WHERE fingerprint_id = ?1", fingerprint);
        return Save(fingerprint, known, sketch);
    }

    private long AddToSketch(long fingerprint, long known, IReadOnlyList<string> users)
    {
        var sketch = new HyperLogLog((byte[])session.Scalar("SELECT registers FROM user_sketches WHERE fingerprint_id = ?1", fingerprint)!);
        foreach (var user in users)
            sketch.Add(Key(user));
        return Save(fingerprint, known, sketch);
    }

    private long Save(long fingerprint, long known, HyperLogLog sketch)
    {
        session.Execute(
            "INSERT INTO user_sketches VALUES (?1, ?2) ON CONFLICT DO UPDATE SET registers = excluded.registers", fingerprint, sketch.Registers);
        return Math.Max(known, sketch.Estimate());
    }

    /// <summary>Keys are short hashes by contract; whatever is not is made one, so that long ones stay distinct.</summary>
    private static string Key(string user) => user.Length <= 128
        ? StoreText.Clean(user, 128)
        : "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(user)));
}
