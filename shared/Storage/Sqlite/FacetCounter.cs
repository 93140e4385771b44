namespace ErrorPipeline.Shared.Storage.Sqlite;

/// <summary>
/// Counts of a fingerprint by dimension and value. Visitors make up both, so neither may grow without end: past a number of values
/// a dimension counts the rest as one, and past a number of rows a fingerprint takes no new ones at all.
/// </summary>
internal sealed class FacetCounter(SqliteSession session, int valuesPerFacet, int rowsPerFingerprint)
{
    /// <summary>How many rows and values there are, counted once a delta: a thousand of them for every new page would cost more than the page.</summary>
    private readonly Dictionary<long, long> _rows = [];
    private readonly Dictionary<(long Fingerprint, string Dimension), long> _values = [];

    private long? _fresh;

    /// <summary>A value was counted that search does not know yet.</summary>
    public bool HasGrown { get; private set; }

    /// <summary>To be called for every delta: what was there before may have been rolled back.</summary>
    /// <param name="fresh">The fingerprint of the delta where it has no rows yet.</param>
    public void Begin(long? fresh)
    {
        _rows.Clear();
        _values.Clear();
        _fresh = fresh;
        HasGrown = false;
        if (fresh is { } fingerprint)
            _rows[fingerprint] = 0;
    }

    /// <summary>The value that was counted; <see cref="FacetValue.Rest"/> where there was no room for another.</summary>
    public string Add(long fingerprint, string dimension, string value, long count)
    {
        if (fingerprint != _fresh && Update(fingerprint, dimension, value, count))
            return value;
        var full = RowsOf(fingerprint) >= rowsPerFingerprint;
        var values = full ? 0 : ValuesOf(fingerprint, dimension);
        if (full || values >= valuesPerFacet)
            value = FacetValue.Rest;
        HasGrown |= value != FacetValue.Rest && values < SearchTokens.MostValues && SearchTokens.IsSearched(dimension);
        if (value != FacetValue.Rest || (!Update(fingerprint, dimension, value, count) && !full))
            Insert(fingerprint, dimension, value, count);
        return value;
    }

    private bool Update(long fingerprint, string dimension, string value, long count) => session.Execute(
        "UPDATE facets SET count = count + ?4 WHERE fingerprint_id = ?1 AND dimension = ?2 AND value = ?3", fingerprint, dimension, value, count) == 1;

    /// <summary>Only where there is room, so that both numbers are known.</summary>
    private void Insert(long fingerprint, string dimension, string value, long count)
    {
        session.Execute(
            "INSERT INTO facets (fingerprint_id, dimension, value, count) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO UPDATE SET count = count + excluded.count",
            fingerprint, dimension, value, count);
        _rows[fingerprint]++;
        _values[(fingerprint, dimension)]++;
    }

    private long RowsOf(long fingerprint)
    {
        if (!_rows.TryGetValue(fingerprint, out var rows))
            _rows[fingerprint] = rows = session.Number("SELECT count(*) FROM (SELECT 1 FROM facets WHERE fingerprint_id = ?1 LIMIT ?2)", fingerprint, rowsPerFingerprint);
        return rows;
    }

    private long ValuesOf(long fingerprint, string dimension)
    {
        if (!_values.TryGetValue((fingerprint, dimension), out var values))
        {
            _values[(fingerprint, dimension)] = values = fingerprint == _fresh ? 0 : session.Number(
                "SELECT count(*) FROM (SELECT 1 FROM facets WHERE fingerprint_id = ?1 AND dimension = ?2 LIMIT ?3)", fingerprint, dimension, valuesPerFacet);
        }

        return values;
    }
}
