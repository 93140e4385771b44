using ErrorPipeline.Faults.Suite;

// Two cores: one case waits most of the time.
[assembly: LevelOfParallelism(2)]

namespace ErrorPipeline.Faults;

/// <summary>The cases of <c>./dev faults</c>: some of them shortened in every run of the tests, all of them at full length with the long ones.</summary>
[Parallelizable(ParallelScope.Children)]
internal sealed class FaultTests
{
    private static IEnumerable<TestCaseData> Quick => Catalogue.All.Where(c => c.IsQuick).Select(c => new TestCaseData(c).SetArgDisplayNames(c.Name));

    private static IEnumerable<TestCaseData> Rest => Catalogue.All.Where(c => !c.IsQuick).Select(c => new TestCaseData(c).SetArgDisplayNames(c.Name));

    [TestCaseSource(nameof(Quick)), CancelAfter(180_000)]
    public Task Accepted_ThroughAFault_IsStoredOnce(FaultCase which, CancellationToken cancel) => RunAsync(which, Length.Short, cancel);

    [TestCaseSource(nameof(Rest)), Category("Long"), CancelAfter(1_500_000)]
    public Task Accepted_ThroughAFaultOfFullLength_IsStoredOnce(FaultCase which, CancellationToken cancel) => RunAsync(which, Length.Full, cancel);

    private static async Task RunAsync(FaultCase which, Length length, CancellationToken cancel)
    {
        var row = await SuiteRunner.RunAsync(which, 1, new() { Length = length }, TestContext.Out.WriteLine, cancel);
        await TestContext.Out.WriteLineAsync(Summary.Text([row]));
        if (row.Skipped is { } why)
            Assert.Ignore(why);
        row.Failures.Should().BeEmpty();
    }
}
