using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Storage.Mongo.Errors;
using ErrorPipeline.Shared.Storage.Mongo.Native;

namespace ErrorPipeline.Shared.Storage.Mongo;

/// <summary>
/// Reads the store of errors beside the process that writes it. What it sees is what a majority has; an entry that is being applied may show in
/// one issue before another.
/// </summary>
public class MongoErrorReader : IErrorReader
{
    private readonly MongoPool _reading;

    /// <summary>Throws <see cref="ArgumentException"/> for an address that cannot be one, and <see cref="DllNotFoundException"/> where the driver is not installed.</summary>
    public MongoErrorReader(MongoErrorStoreOptions options) => _reading = new(options.Uri, options.ReadClients);

    public Task<IssuePage> ListIssuesAsync(IssueQuery query, CancellationToken cancel)
    {
        ReadLimits.Check(query);
        return Read(errors => ErrorQueries.ListIssues(errors, query), cancel);
    }

    public Task<IssueDetail?> GetIssueAsync(int projectId, long issueId, CancellationToken cancel)
        => Read(errors => ErrorQueries.GetIssue(errors, projectId, issueId), cancel);

    public Task<IReadOnlyList<long>> GetSeriesAsync(long issueId, long fromHour, long toHour, string? environment, CancellationToken cancel)
    {
        ReadLimits.CheckSeries(fromHour, toHour);
        return Read(errors => ErrorQueries.GetSeries(errors, issueId, fromHour, toHour, environment), cancel);
    }

    public Task<IReadOnlyList<Facet>> GetFacetsAsync(long issueId, int top, CancellationToken cancel)
        => Read(errors => ErrorQueries.GetFacets(errors, issueId, top), cancel);

    public Task<IReadOnlyList<SampleRef>> ListSamplesAsync(long issueId, int limit, CancellationToken cancel)
        => Read(errors => ErrorQueries.ListSamples(errors, issueId, limit), cancel);

    public Task<IReadOnlyList<EventFeedback>> ListFeedbackAsync(int projectId, long issueId, int limit, CancellationToken cancel)
        => Read(errors => new FeedbackBook(errors).OfIssue(projectId, issueId, limit), cancel);

    public Task<IReadOnlyList<EventFeedback>> ListFeedbackOfEventAsync(int projectId, string eventId, CancellationToken cancel)
        => Read(errors => new FeedbackBook(errors).OfEvent(projectId, eventId), cancel);

    public Task<EventSample?> GetEventAsync(int projectId, string eventId, CancellationToken cancel)
        => Read(errors => ErrorQueries.GetEvent(errors, projectId, eventId), cancel);

    public Task<IReadOnlyList<EventSample>> WalkEventsAsync(int projectId, string? after, int limit, CancellationToken cancel)
        => Read(errors => ErrorQueries.WalkEvents(errors, projectId, after, limit), cancel);

    public Task<IReadOnlyList<string>> FindMentionsAsync(int projectId, string name, CancellationToken cancel)
        => Read(errors => Mentions.Find(errors, projectId, name), cancel);

    public Task<IReadOnlyList<EventFeedback>> WalkFeedbackAsync(int projectId, EventFeedback? after, int limit, CancellationToken cancel)
        => Read(errors => new FeedbackBook(errors).Walk(projectId, after, limit), cancel);

    public Task<IReadOnlyList<IssueComment>> ListCommentsAsync(int projectId, long issueId, int limit, CancellationToken cancel)
        => Read(errors => new CommentBook(errors).OfIssue(projectId, issueId, limit), cancel);

    public Task<IReadOnlyList<string>> ListEnvironmentsAsync(int projectId, CancellationToken cancel)
        => Read(errors => ErrorQueries.ListEnvironments(errors, projectId), cancel);

    public Task<IReadOnlyList<ClientArrivals>> ListClientsAsync(int projectId, CancellationToken cancel)
        => Read(errors => ErrorQueries.ListClients(errors, projectId), cancel);

    public Task<IReadOnlyList<OutcomeCount>> ListOutcomesAsync(int? projectId, long fromMinute, CancellationToken cancel)
        => Read(errors => ErrorQueries.ListOutcomes(errors, projectId, fromMinute), cancel);

    public Task<IReadOnlySet<string>> AppliedCommandsAsync(IReadOnlyCollection<string> ids, CancellationToken cancel)
        => Read(errors => ErrorQueries.AppliedCommands(errors, ids), cancel);

    public Task<IReadOnlyList<ApproximateInterval>> ListApproximateAsync(int limit, CancellationToken cancel)
        => Read(errors => ErrorQueries.ListApproximate(errors, limit), cancel);

    public Task<IReadOnlyList<RefusedDelta>> ListRefusedAsync(int limit, CancellationToken cancel)
        => Read(errors => ErrorQueries.ListRefused(errors, limit), cancel);

    public Task<IReadOnlyList<Receipt>> FindReceiptsAsync(IReadOnlyCollection<int> projects, string eventId, CancellationToken cancel)
        => Read(errors => new ReceiptBook(errors).Find(projects, eventId), cancel);

    public Task<ReceiptWindow> GetReceiptWindowAsync(CancellationToken cancel) => Read(errors => new ReceiptBook(errors).Window(), cancel);

    public Task<long?> FindHolderAsync(int projectId, long issueId, CancellationToken cancel)
        => Read(errors => IssueMap.HolderOf(errors, projectId, issueId), cancel);

    public Task<MergePreview?> PreviewMergeAsync(int projectId, IReadOnlyList<long> issueIds, CancellationToken cancel)
        => Read(errors => MapQueries.PreviewMerge(errors, projectId, issueIds), cancel);

    public Task<IReadOnlyList<IssueMove>> ListMovesAsync(int projectId, long issueId, int limit, CancellationToken cancel)
        => Read(errors => MapQueries.ListMoves(errors, projectId, issueId, limit), cancel);

    public Task<IReadOnlyList<FingerprintTotals>> ListFingerprintsAsync(long issueId, int limit, CancellationToken cancel)
        => Read(errors => MapQueries.ListFingerprints(errors, issueId, limit), cancel);

    public async Task<IReadOnlyList<ReleaseRow>> ListReleasesAsync(int projectId, int limit, CancellationToken cancel)
    {
        var releases = await Read(errors => MapQueries.ListReleases(errors, projectId, limit), cancel);
        // The server goes through every issue that began in one of them: in parts, which it does side by side.
        var parts = releases.Chunk(Math.Max(1, (releases.Count + 3) / 4)).Select(part => Read(errors => MapQueries.CountIssues(errors, projectId, part), cancel));
        return [.. (await Task.WhenAll(parts)).SelectMany(part => part)];
    }

    public Task<OverviewFacts> GetOverviewAsync(OverviewQuery query, CancellationToken cancel)
        => Read(errors => OverviewQueries.Get(errors, query), cancel);

    public Task<IReadOnlyList<ReleaseShare>> ListReleaseSharesAsync(int projectId, long since, string? environment, CancellationToken cancel)
        => Read(errors => OverviewQueries.ListShares(errors, projectId, since, environment), cancel);

    public Task<IReadOnlyList<Arrivals>> ListArrivalsAsync(ArrivalsQuery query, CancellationToken cancel)
        => Read(errors => OverviewQueries.ListArrivals(errors, query), cancel);

    public Task<IReadOnlyList<ReleaseSessions>> ListSessionsAsync(int? projectId, string? environment, long since, CancellationToken cancel)
        => Read(errors => OverviewQueries.ListSessions(errors, projectId, environment, since), cancel);

    public Task<IReadOnlyList<IssueRow>> ListReleaseIssuesAsync(int projectId, string release, ReleaseIssues how, int limit, CancellationToken cancel)
        => Read(errors => OverviewQueries.ListOfRelease(errors, projectId, release, how, limit), cancel);

    public Task<ProjectFacets> GetProjectFacetsAsync(int projectId, long fromMs, long toMs, CancellationToken cancel)
        => Read(errors => ProjectFacetBook.Read(errors, projectId, fromMs, toMs), cancel);

    public Task<RelatedIssues> ListRelatedAsync(int projectId, long issueId, int limit, CancellationToken cancel)
        => Read(errors => RelatedQueries.List(errors, projectId, issueId, limit), cancel);

    public Task<RemapProgress?> GetRemapProgressAsync(CancellationToken cancel) => Read(Remap.Progress, cancel);

    public Task<StoreSummary> SummarizeAsync(CancellationToken cancel) => Read(ErrorQueries.Summarize, cancel);

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return _reading.DisposeAsync();
    }

    private Task<T> Read<T>(Func<ErrorCollections, T> work, CancellationToken cancel) => _reading.RunAsync(session => work(new(session)), cancel);
}
