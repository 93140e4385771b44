namespace ErrorPipeline.Clients;

/// <summary>What pages did, with each client on them, against what the dashboard's JSON knows of it.</summary>
internal sealed class MatrixTests
{
    private static IEnumerable<Client> EveryClient => RealClients.All;

    [TestCaseSource(nameof(EveryClient)), CancelAfter(400_000)]
    public async Task Dashboard_AfterEveryCase_KnowsWhatThePageDidAndTheClientTold(Client client)
    {
        var run = await Run.Of();
        var problems = Cases.All.SelectMany(@case => Cell.Of(run, client, @case).Problems).ToList();
        problems.Should().BeEmpty();
    }
}
