namespace ErrorPipeline.Shared.Storage;

/// <summary>A condition that the search index answers, where upper and lower case are alike.</summary>
/// <param name="Dimension">
/// A dimension of <c>FacetCount</c>: browser, os, device, page, release, environment or tag:name; <see cref="Frame"/>; or <see cref="Text"/>.
/// </param>
/// <param name="Value">
/// Of a browser or system also a word or some words of it in a row ("safari", "mobile safari"); of a page its address, host, path or one part of the path; of a
/// release also its version alone; of a frame its function, or the name of its file; of text, words that must all occur.
/// </param>
/// <param name="Beginning">The value, or the last of its words, may go on.</param>
/// <param name="Not">Issues that are not so.</param>
public sealed record IssueTerm(string Dimension, string Value, bool Beginning = false, bool Not = false)
{
    public const string Text = "";
    public const string Frame = "frame";
    public const string Tag = "tag:";
}

/// <summary>Both ends belong to it; null where it has none.</summary>
public sealed record Between(long? From, long? To = null);

/// <param name="Id">Of the command that made it.</param>
/// <param name="At">ms since 1970 UTC.</param>
public sealed record IssueComment(string Id, long At, string? By, string Text);

/// <summary>What ends that an issue is ignored, whichever comes first; all null where only a person does.</summary>
/// <param name="Until">ms since 1970 UTC.</param>
/// <param name="Count">Events that the issue has by then, all in all.</param>
/// <param name="Users">Users that the issue has by then, all in all.</param>
public sealed record IssueIgnore(long? Until, long? Count, long? Users);
