using ErrorPipeline.Shared.Contracts;

namespace ErrorPipeline.Shared.Storage.Sqlite;

/// <summary>
/// Reads the store of errors beside the process that writes it. Connections are read-only and never checkpoint.
/// Usable before the file exists: calls throw <see cref="StoreUnavailableException"/> until the writer has made it.
/// </summary>
public class SqliteErrorReader : IErrorReader
{
    private readonly SqliteErrorStoreOptions _options;
    private readonly SqliteThreads _reading;

    public SqliteErrorReader(SqliteErrorStoreOptions options)
    {
        _options = options;
        _reading = new(options.Path, options.ReadConnections, Open);
    }

    public Task<IssuePage> ListIssuesAsync(IssueQuery query, CancellationToken cancel)
    {
        ReadLimits.Check(query);
        return Read(session => ErrorQueries.ListIssues(session, query), cancel);
    }

    public Task<IssueDetail?> GetIssueAsync(int projectId, long issueId, CancellationToken cancel)
        => Read(session => ErrorQueries.GetIssue(session, projectId, issueId), cancel);

    public Task<IReadOnlyList<long>> GetSeriesAsync(long issueId, long fromHour, long toHour, string? environment, CancellationToken cancel)
    {
        ReadLimits.CheckSeries(fromHour, toHour);
        return Read(session => ErrorQueries.GetSeries(session, issueId, fromHour, toHour, environment), cancel);
    }

    public Task<IReadOnlyList<Facet>> GetFacetsAsync(long issueId, int top, CancellationToken cancel)
        => Read(session => ErrorQueries.GetFacets(session, issueId, top), cancel);

    public Task<IReadOnlyList<SampleRef>> ListSamplesAsync(long issueId, int limit, CancellationToken cancel)
        => Read(session => ErrorQueries.ListSamples(session, issueId, limit), cancel);

    public Task<EventSample?> GetEventAsync(int projectId, string eventId, CancellationToken cancel)
        => Read(session => ErrorQueries.GetEvent(session, projectId, eventId), cancel);

    public Task<IReadOnlyList<EventFeedback>> ListFeedbackAsync(int projectId, long issueId, int limit, CancellationToken cancel)
        => Read(session => FeedbackShelf.OfIssue(session, projectId, issueId, limit), cancel);

    public Task<IReadOnlyList<EventFeedback>> ListFeedbackOfEventAsync(int projectId, string eventId, CancellationToken cancel)
        => Read(session => FeedbackShelf.OfEvent(session, projectId, eventId), cancel);

    public Task<IReadOnlyList<EventSample>> WalkEventsAsync(int projectId, string? after, int limit, CancellationToken cancel)
        => Read(session => ErrorQueries.WalkEvents(session, projectId, after, limit), cancel);

    public Task<IReadOnlyList<string>> FindMentionsAsync(int projectId, string name, CancellationToken cancel)
        => Read(session => Mentions.Find(session, projectId, name), cancel);

    public Task<IReadOnlyList<EventFeedback>> WalkFeedbackAsync(int projectId, EventFeedback? after, int limit, CancellationToken cancel)
        => Read(session => FeedbackShelf.Walk(session, projectId, after, limit), cancel);

    public Task<IReadOnlyList<IssueComment>> ListCommentsAsync(int projectId, long issueId, int limit, CancellationToken cancel)
        => Read(session => CommentShelf.OfIssue(session, projectId, issueId, limit), cancel);

    public Task<IReadOnlyList<string>> ListEnvironmentsAsync(int projectId, CancellationToken cancel)
        => Read(session => ErrorQueries.ListEnvironments(session, projectId), cancel);

    public Task<IReadOnlyList<ClientArrivals>> ListClientsAsync(int projectId, CancellationToken cancel)
        => Read(session => ErrorQueries.ListClients(session, projectId), cancel);

    public Task<IReadOnlyList<OutcomeCount>> ListOutcomesAsync(int? projectId, long fromMinute, CancellationToken cancel)
        => Read(session => ErrorQueries.ListOutcomes(session, projectId, fromMinute), cancel);

    public Task<IReadOnlySet<string>> AppliedCommandsAsync(IReadOnlyCollection<string> ids, CancellationToken cancel)
        => Read(session => ErrorQueries.AppliedCommands(session, ids), cancel);

    public Task<IReadOnlyList<ApproximateInterval>> ListApproximateAsync(int limit, CancellationToken cancel)
        => Read(session => ErrorQueries.ListApproximate(session, limit), cancel);

    public Task<IReadOnlyList<RefusedDelta>> ListRefusedAsync(int limit, CancellationToken cancel)
        => Read(session => ErrorQueries.ListRefused(session, limit), cancel);

    public Task<IReadOnlyList<Receipt>> FindReceiptsAsync(IReadOnlyCollection<int> projects, string eventId, CancellationToken cancel)
        => Read(session => ReceiptShelf.Find(session, projects, eventId), cancel);

    public Task<ReceiptWindow> GetReceiptWindowAsync(CancellationToken cancel) => Read(ReceiptShelf.Window, cancel);

    public Task<long?> FindHolderAsync(int projectId, long issueId, CancellationToken cancel)
        => Read(session => IssueMap.HolderOf(session, projectId, issueId), cancel);

    public Task<MergePreview?> PreviewMergeAsync(int projectId, IReadOnlyList<long> issueIds, CancellationToken cancel)
        => Read(session => MapQueries.PreviewMerge(session, projectId, issueIds), cancel);

    public Task<IReadOnlyList<IssueMove>> ListMovesAsync(int projectId, long issueId, int limit, CancellationToken cancel)
        => Read(session => MapQueries.ListMoves(session, projectId, issueId, limit), cancel);

    public Task<IReadOnlyList<FingerprintTotals>> ListFingerprintsAsync(long issueId, int limit, CancellationToken cancel)
        => Read(session => MapQueries.ListFingerprints(session, issueId, limit), cancel);

    public Task<IReadOnlyList<ReleaseRow>> ListReleasesAsync(int projectId, int limit, CancellationToken cancel)
        => Read(session => MapQueries.ListReleases(session, projectId, limit), cancel);

    public Task<OverviewFacts> GetOverviewAsync(OverviewQuery query, CancellationToken cancel)
        => Read(session => OverviewQueries.Get(session, query), cancel);

    public Task<IReadOnlyList<ReleaseShare>> ListReleaseSharesAsync(int projectId, long since, string? environment, CancellationToken cancel)
        => Read(session => OverviewQueries.ListShares(session, projectId, since, environment), cancel);

    public Task<IReadOnlyList<Arrivals>> ListArrivalsAsync(ArrivalsQuery query, CancellationToken cancel)
        => Read(session => OverviewQueries.ListArrivals(session, query), cancel);

    public Task<IReadOnlyList<ReleaseSessions>> ListSessionsAsync(int? projectId, string? environment, long since, CancellationToken cancel)
        => Read(session => OverviewQueries.ListSessions(session, projectId, environment, since), cancel);

    public Task<IReadOnlyList<IssueRow>> ListReleaseIssuesAsync(int projectId, string release, ReleaseIssues how, int limit, CancellationToken cancel)
        => Read(session => OverviewQueries.ListOfRelease(session, projectId, release, how, limit), cancel);

    public Task<ProjectFacets> GetProjectFacetsAsync(int projectId, long fromMs, long toMs, CancellationToken cancel)
        => Read(session => ProjectFacetShelf.Read(session, projectId, fromMs, toMs), cancel);

    public Task<RelatedIssues> ListRelatedAsync(int projectId, long issueId, int limit, CancellationToken cancel)
        => Read(session => RelatedQueries.List(session, projectId, issueId, limit), cancel);

    public Task<RemapProgress?> GetRemapProgressAsync(CancellationToken cancel) => Read(MapQueries.GetRemapProgress, cancel);

    public Task<StoreSummary> SummarizeAsync(CancellationToken cancel) => Read(ErrorQueries.Summarize, cancel);

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return _reading.DisposeAsync();
    }

    private SqliteSession Open()
    {
        var session = new SqliteSession(new SqliteFile(_options.Path, _options.BusyTimeout).OpenForReading());
        try
        {
            SqliteMigrations.Errors.RequireLatest(session, _options.Path);
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>Every answer shows one state of the store, however many statements it takes.</summary>
    private Task<T> Read<T>(Func<SqliteSession, T> work, CancellationToken cancel)
        => _reading.RunAsync(session => session.InSnapshot(work), interruptible: true, cancel);
}
