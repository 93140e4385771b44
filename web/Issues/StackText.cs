using System.Globalization;
using System.Text;
using ErrorPipeline.Shared.Contracts;

namespace ErrorPipeline.Web.Issues;

/// <summary>An error with its causes as plain text, in the form in which V8 writes stacks: what people paste elsewhere.</summary>
internal static class StackText
{
    private const int MostCauses = 10;

    public static string Of(ErrorDetail error) => string.Join('\n', Lines(error));

    public static IEnumerable<string> Lines(ErrorDetail error)
    {
        foreach (var line in LinesOf(error, ""))
            yield return line;
        foreach (var cause in error.Causes.Take(MostCauses))
        {
            foreach (var line in LinesOf(cause, "Caused by: "))
                yield return line;
        }
    }

    private static IEnumerable<string> LinesOf(ErrorDetail error, string before)
    {
        var said = error.Message.Length == 0 ? error.Type : $"{error.Type}: {error.Message}";
        yield return before + said;
        foreach (var frame in error.Frames)
            yield return "    at " + LineOf(frame);
    }

    private static string LineOf(StackFrame frame)
    {
        var place = new StringBuilder(frame.File is { Length: > 0 } file ? file : "<anonymous>");
        if (frame.Line is { } line)
            place.Append(CultureInfo.InvariantCulture, $":{line}");
        if (frame is { Line: not null, Column: { } column })
            place.Append(CultureInfo.InvariantCulture, $":{column}");
        var whole = frame.Function is { Length: > 0 } function ? $"{function} ({place})" : place.ToString();
        return (frame.Async ? "async " + whole : whole).ReplaceLineEndings(" ");
    }
}
