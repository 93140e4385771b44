using ErrorPipeline.Shared.Contracts;

namespace ErrorPipeline.Shared.Storage.Sqlite;

/// <summary>
/// What search finds: the words of a fingerprint are a set that grows up to a limit (so that titles with changing numbers cost
/// a bounded number of writes in all); the searched row of an issue is the union over its fingerprints.
/// </summary>
internal static class SearchIndex
{
    private const int MostWords = SearchWords.MostPerFingerprint;

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

    /// <summary>Anew from what there is: after something was taken away.</summary>
    public static void Rebuild(SqliteSession session, long fingerprint)
    {
        var (title, culprit) = session.Query("SELECT title, culprit FROM fingerprints WHERE id = ?1", row => (row.GetString(0), row.GetString(1)), fingerprint).FirstOrDefault();
        var samples = session.Query("SELECT body FROM samples WHERE fingerprint_id = ?1", row => StoredJson.ReadSample(row.GetBytes(0)), fingerprint);
        var words = SearchWords.Of(title, culprit, samples);
        session.Execute(
            "INSERT INTO words VALUES (?1, ?2) ON CONFLICT DO UPDATE SET words = excluded.words", fingerprint, string.Join(' ', words));
    }

    public static void Write(SqliteSession session, long issue)
    {
        var words = Read(
            session, "SELECT words FROM words WHERE fingerprint_id IN (SELECT id FROM fingerprints WHERE issue_id = ?1)", issue);
        AddFacets(session, issue, words);
        session.Execute("INSERT OR REPLACE INTO search (rowid, words) VALUES (?1, ?2)", issue, string.Join(' ', words));
    }

    /// <summary>Its facets, each as a word: then a question for some of them is answered like one for some words.</summary>
    private static void AddFacets(SqliteSession session, long issue, HashSet<string> words)
    {
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        var facets = session.Query(
            """
            SELECT dimension, value FROM facets WHERE fingerprint_id IN (SELECT id FROM fingerprints WHERE issue_id = ?1)
            GROUP BY dimension, value ORDER BY sum(count) DESC
            """,
            row => (Dimension: row.GetString(0), Value: row.GetString(1)), issue);
        foreach (var (dimension, value) in facets.Where(facet => SearchTokens.IsSearched(facet.Dimension)))
        {
            var known = seen[dimension] = seen.GetValueOrDefault(dimension) + 1;
            if (known <= SearchTokens.MostValues)
                words.UnionWith(SearchTokens.OfFacet(dimension, value));
        }
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
