using System.Globalization;
using System.Text.Json;
using ErrorPipeline.Shared.Storage;

namespace ErrorPipeline.Web.Releases;

/// <summary>
/// The commits of a release as builds tell them: in our own words (id, author, message, timestamp, files) or in those of sentry-cli's "releases set-commits"
/// (author_name, patch_set). What is missing stays unknown; what is no commit is passed over.
/// </summary>
internal static class ToldCommits
{
    private const int Most = 1_000;
    private const int MostFiles = 1_000;

    /// <summary>Null where the body tells of none. The newest first, where their times are told.</summary>
    public static IReadOnlyList<ReleaseCommit>? Read(JsonElement body)
    {
        if (List(body, "commits") is { } commits)
            return [.. commits.Select(Commit).OfType<ReleaseCommit>().Take(Most).OrderByDescending(commit => commit.At)];
        // A repository's head alone: enough for links into it.
        var head = Head(Text(body, "commit")) ?? List(body, "refs")?.Select(one => Head(Text(one, "commit"))).FirstOrDefault(one => one is not null);
        return head is null ? null : [head];
    }

    private static ReleaseCommit? Commit(JsonElement told) => Text(told, "id") is { } id
        ? new(id, Text(told, "author") ?? Text(told, "author_name") ?? Text(told, "author_email"), Text(told, "message"), Time(told), Files(told)) : null;

    private static ReleaseCommit? Head(string? id) => id is null ? null : new(id, null, null, null, []);

    private static IReadOnlyList<string> Files(JsonElement told) =>
    [
        .. (List(told, "files") ?? List(told, "patch_set") ?? [])
            .Select(file => file.ValueKind == JsonValueKind.String ? file.GetString() : Text(file, "path")).OfType<string>().Take(MostFiles),
    ];

    private static long? Time(JsonElement told) =>
        DateTimeOffset.TryParse(Text(told, "timestamp"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time.ToUnixTimeMilliseconds() : null;

    private static JsonElement.ArrayEnumerator? List(JsonElement told, string name) =>
        told.ValueKind == JsonValueKind.Object && told.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array ? list.EnumerateArray() : null;

    private static string? Text(JsonElement told, string name) =>
        told.ValueKind == JsonValueKind.Object && told.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;
}
