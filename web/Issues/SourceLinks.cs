using System.Globalization;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Storage;

namespace ErrorPipeline.Web.Issues;

/// <summary>Links from a stack into the project's repository.</summary>
/// <param name="release">Of the event.</param>
/// <param name="head">The newest commit of that release; null where none was told.</param>
public sealed class SourceLinks(ProjectLinks links, string? release, string? head)
{
    public static readonly IReadOnlyList<string> SourceNames = ["file", "line", "column", "release", "commit"];
    public static readonly IReadOnlyList<string> CommitNames = ["commit"];

    private readonly LinkTemplate? _source = links.Source is null ? null : LinkTemplate.Parse(links.Source, SourceNames, out _);
    private readonly LinkTemplate? _commit = links.Commit is null ? null : LinkTemplate.Parse(links.Commit, CommitNames, out _);

    /// <summary>Null where the frame is not the project's own, or its place in the repository cannot be told.</summary>
    public string? Of(StackFrame frame) => _source is null || !frame.InApp || RepositoryPath.Of(frame.File) is not { } path
        ? null
        : _source.Fill(name => name switch
        {
            "file" => path,
            "line" => frame.Line?.ToString(CultureInfo.InvariantCulture) ?? "1",
            "column" => frame.Column?.ToString(CultureInfo.InvariantCulture) ?? "1",
            "release" => release,
            "commit" => head,
            _ => null,
        });

    public string? Of(ReleaseCommit commit) => _commit?.Fill(_ => commit.Id);
}
