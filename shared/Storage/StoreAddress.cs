namespace ErrorPipeline.Shared.Storage;

/// <summary>What names a store: the path of a file, or the address of a MongoDB database.</summary>
public static class StoreAddress
{
    /// <summary>True for mongodb:// and mongodb+srv://.</summary>
    public static bool IsMongo(string? store) =>
        store is not null && (store.StartsWith("mongodb://", StringComparison.Ordinal) || store.StartsWith("mongodb+srv://", StringComparison.Ordinal));

    /// <summary>An address for people to read.</summary>
    public static string WithoutPassword(string address)
    {
        var begin = address.IndexOf("://", StringComparison.Ordinal) + 3;
        var end = address.IndexOf('/', begin) is >= 0 and var slash ? slash : address.Length;
        var at = begin < 3 ? -1 : address.LastIndexOf('@', end - 1, end - begin);
        var query = address.IndexOf('?', end - 1);
        return string.Concat(address.AsSpan(0, Math.Max(0, begin)), address.AsSpan(at < 0 ? begin : at + 1, (query < 0 ? address.Length : query) - (at < 0 ? begin : at + 1)));
    }
}
