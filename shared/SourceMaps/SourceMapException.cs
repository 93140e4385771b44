namespace ErrorPipeline.Shared.SourceMaps;

/// <summary>
/// A map that is refused. The message is one sentence for the person who uploaded it, with the place in the map.
/// The decoder throws nothing else, whatever the bytes are.
/// </summary>
public sealed class SourceMapException : Exception
{
    public SourceMapException(string message)
        : base(message)
    {
    }

    public SourceMapException(string message, Exception inner)
        : base(message, inner)
    {
    }

    public SourceMapException()
    {
    }
}
