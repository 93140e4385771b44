namespace ErrorPipeline.Rigs;

/// <summary>A new folder, gone with all its content when disposed.</summary>
public sealed class TempFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("errorpipeline-").FullName;

    /// <summary>A path inside; nothing is made.</summary>
    public string this[string name] => System.IO.Path.Combine(Path, name);

    public void Dispose()
    {
        if (Directory.Exists(Path))
            Directory.Delete(Path, recursive: true);
    }
}
