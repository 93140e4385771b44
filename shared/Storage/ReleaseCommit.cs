using System.IO.Compression;
using System.Text.Json;
using ErrorPipeline.Shared.Contracts;

namespace ErrorPipeline.Shared.Storage;

/// <summary>A change that a release brought, as its build told.</summary>
/// <param name="Id">Its hash.</param>
/// <param name="At">ms since 1970 UTC; null where it was not told.</param>
/// <param name="Files">Paths within the repository that it touched; empty where they were not told.</param>
public sealed record ReleaseCommit(string Id, string? Author, string? Message, long? At, IReadOnlyList<string> Files);

/// <summary>How much of a release's commits is kept, and in which form.</summary>
internal static class ReleaseCommits
{
    /// <summary>Releases of a project whose commits are kept: those told last.</summary>
    public const int MostReleases = 100;

    private const int MostCommits = 200;
    private const int MostFiles = 2_000;

    public static byte[] Write(IReadOnlyList<ReleaseCommit> commits)
    {
        using var to = new MemoryStream();
        using (var deflate = new DeflateStream(to, CompressionLevel.Fastest))
            JsonSerializer.Serialize(deflate, Bound(commits), ContractsJson.Default.IReadOnlyListReleaseCommit);
        return to.ToArray();
    }

    public static IReadOnlyList<ReleaseCommit> Read(byte[] stored)
    {
        using var inflate = new DeflateStream(new MemoryStream(stored), CompressionMode.Decompress);
        return JsonSerializer.Deserialize(inflate, ContractsJson.Default.IReadOnlyListReleaseCommit) ?? [];
    }

    /// <summary>In the order in which they were told, which is the newest first; a message is its first line.</summary>
    private static IReadOnlyList<ReleaseCommit> Bound(IReadOnlyList<ReleaseCommit> commits)
    {
        var files = MostFiles;
        List<ReleaseCommit> kept = [];
        foreach (var commit in commits.Take(MostCommits))
        {
            IReadOnlyList<string> some = [.. commit.Files.Take(files).Select(file => StoreText.Clean(file, 300))];
            files -= some.Count;
            kept.Add(new(
                StoreText.Clean(commit.Id, 100), StoreText.CleanOrNull(commit.Author, 200),
                StoreText.CleanOrNull(commit.Message?.Trim().Split('\n', 2)[0].TrimEnd(), 300), commit.At, some));
        }

        return kept;
    }
}
