using ErrorPipeline.Shared.Contracts;

namespace ErrorPipeline.Web.Issues;

/// <summary>
/// A stack as people read it: their own frames stand out, long runs of library frames are folded away between them. Where no frame is
/// theirs, or the libraries are few, all is shown.
/// </summary>
public static class FrameRuns
{
    private const int WorthFolding = 3;

    public static IReadOnlyList<FrameRun> Of(IReadOnlyList<StackFrame> frames)
    {
        if (!frames.Any(f => f.InApp))
            return [new(frames, Folded: false)];
        var runs = new List<FrameRun>();
        var start = 0;
        for (var i = 1; i <= frames.Count; i++)
        {
            if (i < frames.Count && frames[i].InApp == frames[start].InApp)
                continue;
            var run = frames.Skip(start).Take(i - start).ToList();
            runs.Add(new(run, Folded: !run[0].InApp && run.Count >= WorthFolding));
            start = i;
        }

        return runs;
    }
}

public sealed record FrameRun(IReadOnlyList<StackFrame> Frames, bool Folded);
