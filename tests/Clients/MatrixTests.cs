namespace ErrorPipeline.Clients;

/// <summary>What pages did, with each client on them, against what the dashboard's JSON knows of it.</summary>
[Parallelizable(ParallelScope.Self)]
internal sealed class MatrixTests
{
    private const string Update = "ERRORPIPELINE_CLIENTS_DOC";

    private static IEnumerable<Client> EveryClient => RealClients.Tried;

    /// <summary>What a client that leaves something out does not group like the others.</summary>
    private static readonly (string Case, string[] Without)[] Same =
    [
        ("uncaught", []), ("shallow", []), ("listener", ["trackjs"]), ("rejected-error", []), ("handled", ["elastic-v3"]), ("breadcrumbs", ["elastic-v3"]), ("cause", []), ("aggregate", ["elastic-v3"]), ("loop", []),
    ];

    [TestCaseSource(nameof(EveryClient)), CancelAfter(420_000)]
    public async Task Dashboard_AfterEveryCase_KnowsWhatThePageDidAndTheClientTold(Client client)
    {
        var run = await Run.Of();
        var problems = Cases.All.SelectMany(@case => Cell.Of(run, client, @case).Problems).ToList();
        Assert.That(problems, Is.Empty, string.Join("\n", problems));
    }

    /// <summary>Every client has its own bundle and project, so what is compared are fingerprints.</summary>
    [Test, CancelAfter(420_000)]
    public async Task SameError_OfAllClients_IsOneIssue()
    {
        var run = await Run.Of();
        foreach (var (name, without) in Same)
        {
            var @case = Cases.All.Single(c => c.Name == name);
            var prints = RealClients.Tried.Where(client => !without.Contains(client.Name))
                .SelectMany(client => run.Seen(client.Name).Where(seen => Cell.IsOf(seen, @case)).Select(seen => (client.Name, seen.Grouping))).ToList();
            prints.Should().HaveCount(RealClients.Tried.Count(client => !without.Contains(client.Name)));
            prints.Select(p => p.Grouping.Fingerprint).Distinct().Should().ContainSingle(string.Join('\n', prints.Select(p => $"{p.Name}: {string.Join(" | ", p.Grouping.Tokens)}")));
        }
    }

    [Test, CancelAfter(420_000)]
    public async Task ClientsPage_OfTheDocs_IsCurrent()
    {
        if (!RealClients.AreComplete)
            Assert.Ignore("not all clients are tried");
        var page = Matrix.Of(await Run.Of());
        if (Environment.GetEnvironmentVariable(Update) == "1")
            await File.WriteAllTextAsync(Matrix.Path, page);
        (await File.ReadAllTextAsync(Matrix.Path)).Should().Be(page, $"run this test with {Update}=1 to write it anew");
    }
}
