using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Web.Api;
using ErrorPipeline.Web.Commands;

namespace ErrorPipeline.Web.Issues;

/// <summary>Resolves, ignores, reopens and assigns issues for forms and scripts alike: each change can be taken back by its batch.</summary>
internal sealed class StateChanges(IErrorReader errors, CommandOutbox outbox, TimeProvider clock)
{
    /// <summary>Of issues that are there; what takes it back, and whether the store shows it already.</summary>
    public async Task<ApiBatch> ChangeAsync(HttpContext http, IReadOnlyList<long> issues, string kind, StateDetails said, CancellationToken cancel)
    {
        var batch = Done.NewBatch(clock.GetUtcNow());
        return new(batch, await outbox.AddAllAsync(kind, issues, http.User.Identity?.Name, cancel, command => StateForm.Fill(command with { Batch = batch }, said)));
    }

    public async Task<IResult> ByApiAsync(HttpContext http, int project, long id, string kind, StateDetails said, CancellationToken cancel)
    {
        if (await errors.GetIssueAsync(project, id, cancel) is null)
            return IssuesApi.NoSuch();
        return StateForm.Problem(kind, said) is { } problem
            ? Jsend.Problem(StatusCodes.Status422UnprocessableEntity, "bad_change", problem)
            : Jsend.Success(await ChangeAsync(http, [id], kind, said, cancel), StatusCodes.Status202Accepted);
    }
}
