using System.Text;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Web.Api;
using ErrorPipeline.Web.Components.Receipts;
using ErrorPipeline.Web.Issues;
using ErrorPipeline.Web.Serving;
using EventId = ErrorPipeline.Shared.Protocols.EventId;

namespace ErrorPipeline.Web.Receipts;

internal static class ReceiptsMap
{
    public static void AddReceipts(this WebApplicationBuilder builder) => builder.Services.AddSingleton<ReceiptFinder>();

    public static void MapReceipts(this IEndpointRouteBuilder app)
    {
        app.MapGet("/receipts", ShowAsync);
        app.MapGet("/api/v1/receipts/{project:int}/{eventId}", AnswerAsync)
            .WithMetadata(new ApiEndpoint("Events", "Where an event is: in flight, stored, dead, filtered or a duplicate") { Answer = typeof(ApiReceipt) });
    }

    /// <summary>The page of an event, where a search names one: 32 hex digits are no words.</summary>
    public static string? PathOf(string? text, int? project) => Normal(text) is { } id
        ? $"/receipts?event={id}" + (project is { } given ? $"&project={given}" : "")
        : null;

    private static async Task<IResult> ShowAsync(
        string? @event, int? project, ReceiptFinder finder, IConfigStore config, CancellationToken cancel)
    {
        var projects = await config.ListProjectsAsync(cancel);
        var id = Normal(@event);
        IReadOnlyList<int> asked = project is { } given ? [given] : [.. projects.Select(p => p.Id)];
        return Page.Of<ReceiptPage>(new()
        {
            ["Asked"] = @event?.Trim() ?? "",
            ["Project"] = project,
            ["Projects"] = projects,
            ["Receipt"] = id is null ? null : await finder.FindAsync(asked, id, cancel),
        });
    }

    private static async Task<IResult> AnswerAsync(int project, string eventId, ReceiptFinder finder, CancellationToken cancel)
    {
        if (Normal(eventId) is not { } id)
            return Jsend.Problem(StatusCodes.Status400BadRequest, "no_event_id", "An event id is 32 hex digits, with or without dashes.");
        var receipt = await finder.FindAsync([project], id, cancel);
        return Jsend.Success(new ApiReceipt(
            project, receipt.EventId, receipt.State, receipt.Says, receipt.Stored?.Outcome ?? receipt.Ended, receipt.Stored?.IssueId,
            receipt.Stored?.IssueId is { } issue ? IssueView.PathOf(project, issue) : null,
            receipt.HasSample, receipt.Fates, receipt.Seen, receipt.IsWhole, receipt.Unforwarded, receipt.Window));
    }

    /// <summary>32 lower-case hex digits; null for what is no event id.</summary>
    private static string? Normal(string? text)
    {
        var trimmed = text?.Trim() ?? "";
        return trimmed.Length is >= 32 and <= 64 && EventId.TryParse(Encoding.UTF8.GetBytes(trimmed), out var id) ? id.ToString() : null;
    }
}
