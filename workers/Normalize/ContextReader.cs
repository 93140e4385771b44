using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Workers.Normalize.Reading;
using ErrorPipeline.Workers.Normalize.Scrubbing;

namespace ErrorPipeline.Workers.Normalize;

/// <summary>The event around the error, scrubbed: what the visitor and the page left wholly, what the site named on purpose of secrets alone.</summary>
internal static class ContextReader
{
    /// <param name="skew">What the client's clock was off, ms.</param>
    public static EventContext Of(ReadEvent read, Scrub scrub, long skew) => new()
    {
        Level = read.Level,
        Handled = read.Handled ?? read.Mechanism is not ("onerror" or "unhandledrejection"),
        Mechanism = scrub.Text(read.Mechanism),
        Release = scrub.Name(read.Release),
        Environment = scrub.Name(read.Environment),
        Tags = [.. read.Tags.Select(tag => new Tag(scrub.Text(tag.K), scrub.Keys.IsTelling(tag.K) ? Scrub.Filtered : scrub.Text(tag.V)))],
        Referrer = scrub.Text(read.Referrer),
        Meta = scrub.Json(read.Meta, FieldLimits.Meta),
        Breadcrumbs = [.. read.Breadcrumbs.Select(crumb => Clean(crumb, scrub, skew))],
        User = read.User is { } user ? new(scrub.Name(user.Id), scrub.Name(user.Email), scrub.Name(user.Name)) : null,
        Sdk = scrub.Text(read.Sdk),
        Feedback = read.Feedback is { } words ? words with { Name = scrub.Name(words.Name), Email = scrub.Name(words.Email), Message = scrub.Text(words.Message) } : null,
    };

    private static Breadcrumb Clean(ReadCrumb crumb, Scrub scrub, long skew) => new(
        crumb.Timestamp + skew, scrub.Text(crumb.Category), scrub.Text(crumb.Level), scrub.Text(crumb.Message), scrub.Json(crumb.Data, FieldLimits.BreadcrumbData));
}
