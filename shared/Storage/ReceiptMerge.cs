namespace ErrorPipeline.Shared.Storage;

/// <summary>Which pieces of receipts are made one: a look-up visits every piece of the window.</summary>
internal static class ReceiptMerge
{
    /// <summary>A piece of so many events is not merged any more: 600 KB are read and written again at most. The number stands in an index of SQLite too.</summary>
    public const int Whole = 50_000;

    private const long HourMs = 3_600_000;
    private const int Fewest = 8;
    private const int Most = 256;

    /// <summary>Pieces of the first hour that has enough of them; none where no hour has.</summary>
    /// <param name="small">Those that are not whole, oldest first, each with its time in ms since 1970.</param>
    public static IReadOnlyList<TId> Choose<TId>(IEnumerable<(TId Id, long At)> small) =>
        [.. small.GroupBy(piece => piece.At / HourMs).FirstOrDefault(hour => hour.Count() >= Fewest)?.Take(Most).Select(piece => piece.Id) ?? []];
}
