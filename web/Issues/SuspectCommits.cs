using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Storage;

namespace ErrorPipeline.Web.Issues;

/// <summary>Of the commits of a release those that touched a file of the stack: the nearer to where it was thrown, the more suspect.</summary>
public static class SuspectCommits
{
    private const int MostFiles = 30;
    private const int Most = 5;

    public static IReadOnlyList<Suspect> Of(ErrorDetail error, IReadOnlyList<ReleaseCommit> commits)
    {
        var files = new[] { error }.Concat(error.Causes).SelectMany(one => one.Frames).Where(frame => frame.InApp)
            .Select(frame => RepositoryPath.Of(frame.File)).OfType<string>().Distinct(StringComparer.Ordinal).Take(MostFiles).ToList();
        return files.Count == 0 ? [] :
        [
            .. commits.Select(commit => Nearest(commit, files)).OfType<Suspect>().OrderBy(suspect => suspect.Depth).Take(Most),
        ];
    }

    private static Suspect? Nearest(ReleaseCommit commit, List<string> files)
    {
        var touched = commit.Files.Select(RepositoryPath.Of).OfType<string>().ToList();
        for (var depth = 0; depth < files.Count; depth++)
        {
            if (touched.Find(path => RepositoryPath.AreOne(path, files[depth])) is { } path)
                return new(commit, path, depth);
        }

        return null;
    }
}

/// <param name="File">Which of the files that it touched is in the stack.</param>
/// <param name="Depth">The how manieth file of the stack that is, from 0.</param>
public sealed record Suspect(ReleaseCommit Commit, string File, int Depth);
