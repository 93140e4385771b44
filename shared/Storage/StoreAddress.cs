namespace ErrorPipeline.Shared.Storage;

/// <summary>What names a store: the path of a file, or the address of a MongoDB database.</summary>
public static class StoreAddress
{
    /// <summary>True for mongodb:// and mongodb+srv://.</summary>
    public static bool IsMongo(string? store) =>
        store is not null && (store.StartsWith("mongodb://", StringComparison.Ordinal) || store.StartsWith("mongodb+srv://", StringComparison.Ordinal));
}
