using ErrorPipeline.Shared.Contracts;

namespace ErrorPipeline.Shared.Storage.Sqlite;

/// <summary>
/// What search finds: the words of a fingerprint are a set that grows up to a limit (so that titles with changing numbers cost
/// a bounded number of writes in all); the searched row of an issue is the union over its fingerprints.
/// </summary>
internal static class SearchIndex
{
    private const int MostWords = SearchWords.MostPerFingerprint;

    /// <summary>The FTS5 query for what a person typed; null where it holds no word at all.</summary>
    public static string? ToQuery(string typed) => SearchWords.Typed(typed) is { Count: > 0 } words
        ? string.Join(" AND ", words.Select(word => $"\"{word}\"")) + "*"
        : null;

    /// <summary>True where there were words not known before.</summary>
    public static bool AddWords(SqliteSession session, long fingerprint, IssueDelta delta, IReadOnlyList<EventSample> novel)
    {
        var words = Read(session, "SELECT words FROM words WHERE fingerprint_id = ?1", fingerprint);
        var before = words.Count;
        SearchWords.AddDocument(words, StoreText.Clean(delta.Title, 1000), MostWords);
        SearchWords.AddDocument(words, StoreText.Clean(delta.Culprit, 1000), MostWords);
        SearchWords.AddDocument(words, StoreText.Clean(delta.Type, 200), MostWords);
        foreach (var sample in novel)
            SearchWords.AddError(words, sample.Error, MostWords);
        return Save(session, fingerprint, words, before);
    }

    /// <summary>What source maps have told of samples that are stored already.</summary>
    public static void AddSamples(SqliteSession session, long fingerprint, string culprit, IReadOnlyList<EventSample> samples)
    {
        var words = Read(session, "SELECT words FROM words WHERE fingerprint_id = ?1", fingerprint);
        var before = words.Count;
        SearchWords.AddDocument(words, StoreText.Clean(culprit, 1000), MostWords);
        foreach (var sample in samples)
            SearchWords.AddError(words, sample.Error, MostWords);
        Save(session, fingerprint, words, before);
    }

    public static void Write(SqliteSession session, long issue)
    {
        var words = Read(
            session, "SELECT words FROM words WHERE fingerprint_id IN (SELECT id FROM fingerprints WHERE issue_id = ?1)", issue);
        session.Execute("INSERT OR REPLACE INTO search (rowid, words) VALUES (?1, ?2)", issue, string.Join(' ', words));
    }

    private static bool Save(SqliteSession session, long fingerprint, HashSet<string> words, int before)
    {
        if (words.Count == before)
            return false;
        session.Execute(
            "INSERT INTO words VALUES (?1, ?2) ON CONFLICT DO UPDATE SET words = excluded.words", fingerprint, string.Join(' ', words));
        return true;
    }

    private static HashSet<string> Read(SqliteSession session, string sql, long id)
        => session.Query(sql, row => row.GetString(0), id).SelectMany(words => words.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToHashSet();
}
