namespace ErrorPipeline.Shared.Storage.Copying;

/// <summary>What is kept apart, and may be copied apart.</summary>
public enum StorePart
{
    Errors,
    Config,
    Artifacts,
}

internal static class StoreParts
{
    public static IReadOnlyList<CopiedTable> TablesOf(StorePart part) => part switch
    {
        StorePart.Errors => CopiedTables.Errors,
        StorePart.Config => CopiedTables.Config,
        _ => CopiedTables.Artifacts,
    };

    /// <summary>As its file is called, and as people are told of it.</summary>
    public static string NameOf(StorePart part) => part switch
    {
        StorePart.Errors => "errors",
        StorePart.Config => "config",
        _ => "artifacts",
    };
}
