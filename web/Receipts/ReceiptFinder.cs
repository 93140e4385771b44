using ErrorPipeline.Shared.Hosting;
using ErrorPipeline.Shared.Outcomes;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Shared.Streams;
using Microsoft.Extensions.Options;

namespace ErrorPipeline.Web.Receipts;

/// <summary>Says where an event is now: in the store, in a lane, among the dead letters, or perhaps still in a collector's log.</summary>
internal sealed class ReceiptFinder(IErrorReader errors, EventSearch search, ProcessRegistry processes, IOptions<PipelineOptions> options)
{
    /// <summary>Searching a lane may read 64 MB; without a project every project is a lane to search.</summary>
    private const int MostSearched = 10;

    /// <param name="eventId">32 lower-case hex digits.</param>
    public async Task<EventReceipt> FindAsync(IReadOnlyList<int> projects, string eventId, CancellationToken cancel)
    {
        var window = await errors.GetReceiptWindowAsync(cancel);
        var fates = await errors.FindReceiptsAsync(projects, eventId, cancel);
        var (seen, isWhole, problem, unforwarded) = ((IReadOnlyList<LaneSighting>)[], true, (string?)null, 0L);
        if (!fates.Any(f => f.Outcome == Outcome.Stored))
        {
            try
            {
                (seen, isWhole) = await SearchAsync(projects, eventId);
                unforwarded = (await processes.ListAsync()).Sum(p => Pipeline.PipelineState.LogBacklog(p.Facts));
            }
            catch (RedisUnavailableException e)
            {
                problem = e.Message;
            }

            // It may have arrived while the lanes were searched.
            if (seen.Count == 0)
                fates = await errors.FindReceiptsAsync(projects, eventId, cancel);
        }

        var sample = fates.FirstOrDefault(f => f.IssueId is not null) is { } stored && await errors.GetEventAsync(stored.ProjectId, eventId, cancel) is not null;
        return new(eventId, fates, seen, sample, isWhole, unforwarded, problem, window);
    }

    private async Task<(IReadOnlyList<LaneSighting>, bool)> SearchAsync(IReadOnlyList<int> projects, string eventId)
    {
        var found = new List<LaneSighting>();
        var isWhole = projects.Count <= MostSearched;
        foreach (var project in projects.Take(MostSearched))
        {
            var lane = Lane.Of(project, eventId, options.Value.Lanes);
            var searched = await search.FindAsync(lane, project, eventId);
            isWhole &= searched.IsWhole;
            found.AddRange(searched.Sightings.Select(s => new LaneSighting(
                project, lane.Name, s.Where, s.Entry == default ? null : s.Entry.ToString(), s.Seconds, s.Holder, s.Detail)));
        }

        return (found, isWhole);
    }
}

public sealed record LaneSighting(int ProjectId, string Lane, string Where, string? Entry, double Seconds, string? Holder, string? Detail);
