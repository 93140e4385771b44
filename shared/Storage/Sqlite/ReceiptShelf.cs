using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Outcomes;
using ErrorPipeline.Shared.Streams;
using Microsoft.Data.Sqlite;

namespace ErrorPipeline.Shared.Storage.Sqlite;

/// <summary>Receipts: collected while entries are applied and written as one row with them; found, merged and deleted by whole rows.</summary>
internal sealed class ReceiptShelf(SqliteSession session)
{
    private readonly List<(ulong Event, int Fate)> _receipts = [];
    private readonly Dictionary<string, int> _fates = new(StringComparer.Ordinal);

    /// <param name="fingerprint">Row id of the fingerprint that counts them; 0 where it was deleted before they came.</param>
    public void Stored(byte[]? events, long fingerprint) => Add(events, (int)fingerprint);

    public void Ended(byte[]? events, string outcome)
    {
        if (events is { Length: > 0 })
            Add(events, -FateOf(StoreText.Clean(outcome, 200)));
    }

    /// <summary>The fingerprint that counts an event of what was collected here; null where it is not among them.</summary>
    public long? StoredNow(ulong id) => _receipts.Where(r => r.Event == id && r.Fate > 0).Select(r => (long?)r.Fate).FirstOrDefault();

    public void Write(long at)
    {
        if (_receipts.Count > 0)
            session.Execute("INSERT INTO receipts (at, events, body) VALUES (?1, ?2, ?3)", at, _receipts.Count, ReceiptRow.Write(_receipts));
    }

    public static IReadOnlyList<Receipt> Find(SqliteSession session, IEnumerable<int> projects, string eventId)
    {
        var ids = projects.Distinct().Select(p => (Project: p, Id: EventIdentity.Of(p, eventId).Short)).ToList();
        var found = new List<Receipt>();
        foreach (var (row, at) in session.Query("SELECT id, at FROM receipts INDEXED BY receipts_at ORDER BY at DESC, id DESC", r => (r.GetInt64(0), r.GetInt64(1))))
        {
            using var body = new SqliteBlob(session.Connection, "receipts", "body", row, readOnly: true);
            foreach (var (project, id) in ids)
                found.AddRange(ReceiptRow.Find(body, id).Select(fate => Describe(session, project, at, fate)));
        }

        return found;
    }

    /// <summary>The fingerprint that counts an event; null where none does any more, or it is not known.</summary>
    public static long? FindFingerprint(SqliteSession session, int project, string eventId)
    {
        var id = EventIdentity.Of(project, eventId).Short;
        foreach (var row in session.Query("SELECT id FROM receipts INDEXED BY receipts_at ORDER BY at DESC, id DESC", r => r.GetInt64(0)))
        {
            using var body = new SqliteBlob(session.Connection, "receipts", "body", row, readOnly: true);
            foreach (var fate in ReceiptRow.Find(body, id).Where(fate => fate > 0))
            {
                if (session.Scalar("SELECT 1 FROM fingerprints WHERE id = ?1 AND project_id = ?2", fate, project) is not null)
                    return fate;
            }
        }

        return null;
    }

    public static ReceiptWindow Window(SqliteSession session) => session.First(
        "SELECT coalesce(min(at), 0), coalesce(sum(events), 0) FROM receipts",
        row => new ReceiptWindow(row.GetInt64(0) is > 0 and var from ? from : null, row.GetInt64(1), row.GetInt64(1) * ReceiptRow.Bytes))!;

    /// <summary>Deletes rows that are too old or too many; how many.</summary>
    public static int Purge(SqliteSession session, RetentionPolicy policy, DateTimeOffset now)
    {
        var gone = session.Execute(
            "DELETE FROM receipts WHERE id IN (SELECT id FROM receipts WHERE at < ?1 LIMIT 200)", (now - policy.ReceiptAge).ToUnixTimeMilliseconds());
        if (Window(session).Bytes > policy.ReceiptBytes)
            gone += session.Execute("DELETE FROM receipts WHERE id IN (SELECT id FROM receipts ORDER BY id LIMIT 20)");
        return gone;
    }

    /// <summary>
    /// Makes one row of many of the same hour: a look-up visits every row of the window. Returns how many went.
    /// </summary>
    public static int Merge(SqliteSession session)
    {
        var small = session.Query(
            $"SELECT id, at FROM receipts INDEXED BY receipts_small WHERE events < {ReceiptMerge.Whole} ORDER BY at, id", r => (Id: r.GetInt64(0), At: r.GetInt64(1)));
        var group = ReceiptMerge.Choose(small);
        if (group.Count == 0)
            return 0;
        var merged = new List<(ulong Event, int Fate)>();
        var into = 0L;
        var gone = 0;
        foreach (var id in group)
        {
            if (into != 0)
                gone += session.Execute("DELETE FROM receipts WHERE id = ?1", into);
            ReceiptRow.AddTo(merged, (byte[])session.Scalar("SELECT body FROM receipts WHERE id = ?1", id)!);
            into = id;
            if (merged.Count >= ReceiptMerge.Whole)
                break;
        }

        session.Execute("UPDATE receipts SET events = ?2, body = ?3 WHERE id = ?1", into, merged.Count, ReceiptRow.Write(merged));
        return gone;
    }

    private void Add(byte[]? events, int fate)
    {
        foreach (var id in ShortIds.Unpack(events))
            _receipts.Add((id, fate));
    }

    private int FateOf(string outcome)
    {
        if (_fates.TryGetValue(outcome, out var known))
            return known;
        session.Execute("INSERT INTO receipt_fates (outcome) VALUES (?1) ON CONFLICT DO NOTHING", outcome);
        return _fates[outcome] = (int)session.Number("SELECT id FROM receipt_fates WHERE outcome = ?1", outcome);
    }

    private static Receipt Describe(SqliteSession session, int project, long at, int fate)
    {
        if (fate < 0)
            return new(project, (string?)session.Scalar("SELECT outcome FROM receipt_fates WHERE id = ?1", -fate) ?? "", at, null);
        var issue = session.Scalar("SELECT issue_id FROM fingerprints WHERE id = ?1 AND project_id = ?2", fate, project);
        return new(project, Outcome.Stored, at, (long?)issue);
    }
}
