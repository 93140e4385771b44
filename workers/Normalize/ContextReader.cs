using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Workers.Normalize.Reading;
using ErrorPipeline.Workers.Normalize.Scrubbing;

namespace ErrorPipeline.Workers.Normalize;

/// <summary>The event around the error, scrubbed. Release and environment are the site's own names and stay as they are, as does the user it told.</summary>
internal static class ContextReader
{
    public static EventContext Of(ReadEvent read) => new()
    {
        Level = read.Level,
        Handled = read.Handled ?? read.Mechanism is not ("onerror" or "unhandledrejection"),
        Mechanism = Scrub.Text(read.Mechanism),
        Release = read.Release,
        Environment = read.Environment,
        Tags = [.. read.Tags.Select(Clean)],
        Referrer = Scrub.Text(read.Referrer),
        Meta = read.Meta,
        Breadcrumbs = read.Breadcrumbs,
        User = read.User,
        Sdk = Scrub.Text(read.Sdk),
    };

    private static Tag Clean(Tag tag) => new(Scrub.Text(tag.K), SensitiveKey.IsTelling(tag.K) ? Scrub.Filtered : Scrub.Text(tag.V));
}
