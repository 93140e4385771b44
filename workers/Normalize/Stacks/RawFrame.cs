namespace ErrorPipeline.Workers.Normalize.Stacks;

/// <summary>A frame still made of spans of the stack it was read from.</summary>
internal readonly ref struct RawFrame
{
    public RawFrame(ReadOnlySpan<char> function, ReadOnlySpan<char> file, int? line, int? column)
    {
        Function = function;
        File = file;
        Line = line;
        Column = column;
    }

    public RawFrame(ReadOnlySpan<char> function, Location place)
        : this(function, place.File, place.Line, place.Column)
    {
    }

    /// <summary>Empty where anonymous.</summary>
    public ReadOnlySpan<char> Function { get; }
    public ReadOnlySpan<char> File { get; }
    public int? Line { get; }
    public int? Column { get; }

    /// <summary>The engine says that an await or a callback lies between this frame and the newer one.</summary>
    public bool Async { get; init; }
}
