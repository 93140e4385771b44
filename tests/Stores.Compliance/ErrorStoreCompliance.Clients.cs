using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Storage;

namespace ErrorPipeline.Stores.Compliance;

/// <summary>Which clients a project's events come from.</summary>
internal abstract partial class ErrorStoreCompliance
{
    [Test]
    public async Task Clients_OfSeveralCommits_AreCountedWithTheLastOnesIssue()
    {
        await Apply(Of("a", 10, new ClientCount("sentry", 2, 10), new ClientCount("native", 1, 9)), Of("b", 20, new ClientCount("sentry", 1, 20)));
        await Apply(Of("c", 15, new ClientCount("sentry", 4, 15)), Some.Delta("d"), Of("e", 30, new ClientCount("bugsnag", 1, 30)) with { ProjectId = Some.Project + 1 });

        var issues = (await Issues(Some.Query)).ToDictionary(row => row.Title, row => row.Id);

        (await Store.ListClientsAsync(Some.Project, default)).Should().Equal(
            new ClientArrivals("native", 1, 9, issues["TypeError: a"]), new ClientArrivals("sentry", 7, 20, issues["TypeError: b"]));
        (await Store.ListClientsAsync(Some.Project + 1, default)).Should().ContainSingle(c => c.Client == "bugsnag" && c.LastReceived == 30);
        (await Store.ListClientsAsync(99, default)).Should().BeEmpty();
    }

    private static IssueDelta Of(string fingerprint, long at, params ClientCount[] clients) =>
        Some.Delta(fingerprint, count: clients.Sum(client => client.Count), at: at) with { Clients = clients };
}
