using System.Net;
using ErrorPipeline.Rigs;
using ErrorPipeline.Shared.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace ErrorPipeline.Web.Tests;

public class CommandTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    [Test]
    public async Task Resolve_WithTheWriterRunning_ShowsTheNewStateAtOnce()
    {
        await using var rig = await DashboardRig.StartAsync();
        var (path, visitor) = await OneIssueAsync(rig);
        var posting = visitor.PostAsync(path, path + "/resolve");
        await Deadline.Until(async () => await rig.ApplyCommandsAsync() > 0, Patience);
        using var answer = await posting;
        answer.Headers.Location!.ToString().Should().StartWith(path + "?done=resolve.1.");
        (await visitor.ReadAsync(path)).Should().Contain("state-resolved").And.Contain("Resolved in <bdi>shop-4.18.2</bdi> by").And.NotContain("Resolving");
        await Deadline.Until(async () => (await rig.Config.ListOutboxAsync(CancellationToken.None)).Count == 0, Patience);

        using var back = await WhileApplyingAsync(rig, visitor.PostAsync(path, path + "/reopen"));
        (await visitor.ReadAsync(path)).Should().NotContain("state-resolved").And.Contain("Reopened by");
        visitor.Dispose();
    }

    [Test]
    public async Task Ignore_WhileRedisIsDown_ArrivesWhenItIsBack()
    {
        await using var rig = await DashboardRig.StartAsync();
        var (path, visitor) = await OneIssueAsync(rig);
        await rig.Redis.Kill9Async();
        using var answer = await visitor.PostAsync(path, path + "/ignore");
        answer.StatusCode.Should().Be(HttpStatusCode.Redirect);
        (await visitor.ReadAsync(path)).Should().Contain("Ignoring");
        (await visitor.ReadAsync("/pipeline")).Should().Contain("Redis does not answer");

        await rig.RestartAppAsync();
        var live = rig.App.Services.GetRequiredService<Live.LiveFeed>().Open(default);
        await rig.Redis.StartAgainAsync();
        await Deadline.Until(async () => await TryApplyAsync(rig) > 0, Patience);
        (await rig.Store.ListIssuesAsync(new() { NowHour = 0, State = IssueState.Ignored }, CancellationToken.None)).Rows.Should().ContainSingle();
        await Deadline.Until(async () => (await rig.Config.ListOutboxAsync(CancellationToken.None)).Count == 0, Patience);

        // Live pages of a dashboard that started without Redis hear of changes too.
        await Deadline.Until(
            async () =>
            {
                await rig.ApplyAsync(Some.Delta(1, "after"));
                return live.Messages.Reader.Count > 0;
            },
            Patience);
        visitor.Dispose();
    }

    [Test]
    public async Task Resolve_LostByRedis_IsSentAgain()
    {
        await using var rig = await DashboardRig.StartAsync();
        var (path, visitor) = await OneIssueAsync(rig);
        using var answer = await visitor.PostAsync(path, path + "/resolve");
        await rig.FlushRedisAsync();
        await Deadline.Until(async () => await rig.ApplyCommandsAsync() > 0, Patience);
        (await visitor.ReadAsync(path)).Should().Contain("state-resolved");
        visitor.Dispose();
    }

    [Test]
    public async Task Commands_OfWhichTheFirstIsLost_EndAsThePersonLeftThem()
    {
        await using var rig = await DashboardRig.StartAsync();
        var (path, visitor) = await OneIssueAsync(rig);
        using var first = await visitor.PostAsync(path, path + "/resolve");
        await rig.FlushRedisAsync();
        using var second = await visitor.PostAsync(path, path + "/ignore");
        await Deadline.Until(
            async () =>
            {
                await rig.ApplyCommandsAsync();
                return (await rig.Config.ListOutboxAsync(CancellationToken.None)).Count == 0;
            },
            Patience);
        (await visitor.ReadAsync(path)).Should().Contain("state-ignored");
        visitor.Dispose();
    }

    [Test]
    public async Task Command_OfAnotherKind_IsNotFound()
    {
        var visitor = Shared.Ann;
        var project = await Shared.ProjectAsync();
        var issue = (await Shared.Rig.ApplyAsync(Some.Delta(project, "kind")))[0].IssueId;
        (await visitor.PostAsync("/account", $"/issues/{project}/{issue}/explode")).StatusCode.Should().Be(HttpStatusCode.NotFound);
        (await visitor.PostAsync("/account", $"/issues/{project + 1}/{issue}/resolve")).StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    private static async Task<(string Path, Visitor Visitor)> OneIssueAsync(DashboardRig rig)
    {
        var project = (await rig.Config.CreateProjectAsync("Shop", TimeProvider.System.GetUtcNow(), CancellationToken.None)).Id;
        var issue = (await rig.ApplyAsync(Some.Delta(project, "one", samples: Some.Sample("one"))))[0].IssueId;
        return ($"/issues/{project}/{issue}", await rig.VisitSignedInAsync());
    }

    private static async Task<HttpResponseMessage> WhileApplyingAsync(DashboardRig rig, Task<HttpResponseMessage> posting)
    {
        await Deadline.Until(async () => await rig.ApplyCommandsAsync() > 0, Patience);
        return await posting;
    }

    private static async Task<int> TryApplyAsync(DashboardRig rig)
    {
        try
        {
            return await rig.ApplyCommandsAsync();
        }
        catch (ErrorPipeline.Shared.Streams.RedisUnavailableException)
        {
            return 0;
        }
    }
}
