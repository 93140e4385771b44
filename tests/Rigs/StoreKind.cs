namespace ErrorPipeline.Rigs;

public enum StoreKind
{
    /// <summary>Files in the data folder.</summary>
    Sqlite,

    /// <summary>A database of the server that all tests of a process share.</summary>
    Mongo,
}

public static class StoreKinds
{
    /// <summary>"mongo" makes every installation keep everything in MongoDB that does not say otherwise.</summary>
    public const string Variable = "ERRORPIPELINE_TEST_STORE";

    public static StoreKind Chosen => Environment.GetEnvironmentVariable(Variable) switch
    {
        "mongo" => StoreKind.Mongo,
        null or "" or "sqlite" => StoreKind.Sqlite,
        var other => throw new InvalidOperationException($"{Variable} is '{other}': mongo or sqlite"),
    };
}
