using System.Text.Json;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Storage;

namespace ErrorPipeline.Web.Issues;

internal static class EventsMap
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true };

    public static void MapEvents(this IEndpointRouteBuilder app)
    {
        app.MapGet("/events/{project:int}/{id}.json", ShowAsync);
        app.MapGet("/events/{project:int}/{id}.txt", StackAsync);
    }

    /// <summary>The stack to copy where no script runs: plain text, which no browser takes for anything else.</summary>
    private static async Task<IResult> StackAsync(int project, string id, IErrorReader errors, CancellationToken cancel, bool raw = false) =>
        await errors.GetEventAsync(project, id, cancel) is { } sample
            ? Results.Text((raw ? sample.Error.RawStack : null) ?? StackText.Of(sample.Error), "text/plain; charset=utf-8")
            : Results.NotFound();

    /// <summary>A stored event as JSON: nosniff and its policy keep a browser from running any of it; the file's name is ours.</summary>
    private static async Task<IResult> ShowAsync(
        HttpContext http, int project, string id, IErrorReader errors, CancellationToken cancel, bool download = false)
    {
        if (await errors.GetEventAsync(project, id, cancel) is not { } sample)
            return Results.NotFound();
        using var json = new MemoryStream();
        await using (var writer = new Utf8JsonWriter(json, Indented))
        {
            var text = JsonSerializer.SerializeToNode(sample, ContractsJson.Default.EventSample)!;
            if (await errors.ListFeedbackOfEventAsync(project, id, cancel) is { Count: > 0 } feedback)
                text["feedback"] = JsonSerializer.SerializeToNode(feedback, ContractsJson.Default.IReadOnlyListEventFeedback);
            text.WriteTo(writer);
        }

        if (download)
            http.Response.Headers.ContentDisposition = $"attachment; filename=\"event-{SafeName(sample.EventId)}.json\"";
        return Results.Bytes(json.ToArray(), "application/json; charset=utf-8");
    }

    private static string SafeName(string id) => new([.. id.Where(char.IsAsciiLetterOrDigit).Take(40)]);
}
