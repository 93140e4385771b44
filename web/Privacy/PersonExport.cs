using System.Text.Json;
using ErrorPipeline.Shared.Contracts;

namespace ErrorPipeline.Web.Privacy;

/// <summary>All that is kept of a person, one JSON object a line, written while it is found.</summary>
internal static class PersonExport
{
    public const string MediaType = "application/x-ndjson";
    private static readonly byte[] LineEnd = "\n"u8.ToArray();

    public static IResult Of(int project, Person person, PersonFinder finder, CancellationToken cancel) =>
        Results.Stream(to => WriteAsync(to, project, person, finder, cancel), MediaType, "person.ndjson");

    private static async Task WriteAsync(Stream to, int project, Person person, PersonFinder finder, CancellationToken cancel)
    {
        await foreach (var sample in finder.EventsAsync(project, person, cancel))
            await LineAsync(to, new PersonLine("event", sample, null), cancel);
        await foreach (var words in finder.WordsAsync(project, person, cancel))
            await LineAsync(to, new PersonLine("feedback", null, words), cancel);
    }

    private static async Task LineAsync(Stream to, PersonLine line, CancellationToken cancel)
    {
        await JsonSerializer.SerializeAsync(to, line, JsonSerializerOptions.Web, cancel);
        await to.WriteAsync(LineEnd, cancel);
    }
}

/// <param name="What">"event" or "feedback".</param>
internal sealed record PersonLine(string What, EventSample? Event, EventFeedback? Feedback);
