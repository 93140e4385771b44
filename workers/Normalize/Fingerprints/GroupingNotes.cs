using ErrorPipeline.Shared.Contracts;

namespace ErrorPipeline.Workers.Normalize.Fingerprints;

/// <summary>Collects, while the tokens are made, what a person has to know to follow them. Bounded; never hashed.</summary>
internal sealed class GroupingNotes
{
    private const int Most = 12;
    private const int Longest = 200;

    private readonly List<string> _notes = [];
    private bool _anyInApp;

    /// <summary>What follows from whose fingerprint it is, before what is known of the error's own tokens; null where nothing is to be said.</summary>
    public static IReadOnlyList<string>? Of(Grouping grouping, IReadOnlyList<string> errorTokens, IReadOnlyList<string> errorNotes)
    {
        if (errorTokens.Count == 0 && grouping.Tokens.Any(t => t.StartsWith("page: ", StringComparison.Ordinal)))
            return ["The error says nothing of itself, so the page tells it from others."];
        var isOurs = errorTokens.All(grouping.Tokens.Contains);
        if (grouping.Tokens.Count != errorTokens.Count || !isOurs)
            return [isOurs ? "The site or a rule added to the fingerprint." : "The site or a rule named the fingerprint: message and stack do not matter.", .. isOurs ? errorNotes : []];
        return errorNotes.Count == 0 ? null : errorNotes;
    }

    public void Message(string message, string template)
    {
        if (template.Length > 0 && template != message)
            Add("The message counts in one wording for all browsers, with placeholders for what changes from event to event.");
    }

    public void Begin(IReadOnlyList<StackFrame> frames, bool anyInApp)
    {
        _anyInApp = anyInApp;
        if (frames.Count > 0 && !anyInApp)
            Add("No frame is of your own code, so those of others count.");
    }

    public void LeftOut(StackFrame frame) => Add(
        frame.File is null ? $"Left out: {frame.Function ?? "a frame"}, which names no file."
        : _anyInApp ? $"Left out: {Named(frame)}, which is not your own code."
        : $"Left out: {Named(frame)}.");

    public void Repeated(string token) => Add($"Counted once: {token["frame: ".Length..]}, which repeats.");

    public void BeforeAwait() => Add("Left out: frames from before an await, which not every browser tells.");

    public void Enough(int used) => Add($"Left out: whatever called the first {used}.");

    public void Used(StackFrame frame, string function)
    {
        var path = FrameFile.Path(frame.File!).ToString();
        var stable = FrameFile.Stable(frame.File!);
        if (stable != path)
            Add($"{path} counts as {stable}: the rest changes with builds and visits.");
        if (frame.Function is { Length: > 0 } told && told != function)
            Add(function == FrameFunction.Anonymous && told == FrameFunction.Stable(told)
                ? $"{told} counts as {function}: a name that short is the minifier's, and another in the next build."
                : $"{told} counts as {function}: browsers name it differently.");
    }

    public IReadOnlyList<string> ToList() => _notes;

    private static string Named(StackFrame frame) => $"{frame.Function ?? FrameFunction.Anonymous} in {FrameFile.Path(frame.File!)}";

    private void Add(string note)
    {
        note = note.Length <= Longest ? note : note[..(char.IsHighSurrogate(note[Longest - 2]) ? Longest - 2 : Longest - 1)] + "…";
        if (_notes.Count < Most && !_notes.Contains(note))
            _notes.Add(note);
    }
}
