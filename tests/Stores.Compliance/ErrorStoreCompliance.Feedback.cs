using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Storage;

namespace ErrorPipeline.Stores.Compliance;

/// <summary>What visitors say of errors is kept with those, whichever comes first.</summary>
internal abstract partial class ErrorStoreCompliance
{
    [Test]
    public async Task Feedback_OfAnEventThatIsNoSample_IsKeptWithItsIssue_AndMakesNone()
    {
        await Apply(Counting("a", Event));
        await Apply(Saying("The basket is empty", Event));

        var issue = await OnlyIssue();
        issue.Count.Should().Be(1);
        var said = (await Store.ListFeedbackAsync(Some.Project, issue.Id, 10, default)).Should().ContainSingle().Subject;
        said.Should().Be(new EventFeedback("f-The basket is empty", Event, Some.Start, "Ann", "ann@shop.example", "The basket is empty"));
        (await Store.ListFeedbackOfEventAsync(Some.Project, Event, default)).Should().Equal(said);
        (await Store.ListFeedbackOfEventAsync(8, Event, default)).Should().BeEmpty("it is another project's");
        (await Store.ListFeedbackAsync(8, issue.Id, 10, default)).Should().BeEmpty();
        (await Store.ListOutcomesAsync(Some.Project, 0, default)).Should().ContainSingle().Which.Should().Match<OutcomeCount>(o => o.Outcome == "stored" && o.Count == 2);
    }

    [Test]
    public async Task Feedback_BeforeItsEvent_IsFoundWhenTheEventComes()
    {
        await Apply(Saying("Early", Event), Saying("Nobody knows of what", "e9"));
        await Apply(Counting("a", "e2", Event));

        var issue = await OnlyIssue();
        (await Store.ListFeedbackAsync(Some.Project, issue.Id, 10, default)).Should().ContainSingle().Which.Message.Should().Be("Early");
        (await Store.ListFeedbackOfEventAsync(Some.Project, "e9", default)).Should().ContainSingle("it is kept without an event too");
    }

    [Test]
    public async Task Feedback_OfADeletedIssue_GoesWithIt_AndMovesWithAMerge()
    {
        await Apply(Counting("a", Event), Counting("b", "e2"));
        await Apply(Saying("of a", Event), Saying("of b", "e2"));
        var (a, b) = ((await Issues()).Single(i => i.Title.EndsWith(" a", StringComparison.Ordinal)).Id, (await Issues()).Single(i => i.Title.EndsWith(" b", StringComparison.Ordinal)).Id);

        await Command(Some.Merge(a, b));
        (await Store.ListFeedbackAsync(Some.Project, a, 10, default)).Select(f => f.Message).Should().BeEquivalentTo("of a", "of b");
        await Command(CommandKind.Delete, a, at: 1000);
        (await Store.ListFeedbackOfEventAsync(Some.Project, Event, default)).Should().BeEmpty();
    }

    [Test]
    public async Task Feedback_OlderThanThePolicy_IsPurged()
    {
        await Apply(Counting("a", Event));
        await Apply(Saying("old", Event), Saying("new", Event, at: 10 * Some.HourMs));
        await Store.PurgeAsync(Token, new(TimeSpan.FromHours(5), 0), Some.Now.AddHours(11), default);
        (await Store.ListFeedbackOfEventAsync(Some.Project, Event, default)).Should().ContainSingle().Which.Message.Should().Be("new");
    }

    private static IssueDelta Saying(string words, string of, long at = 0) => Some.Delta("feedback-of-" + of, at: at) with
    {
        Feedback = [new("f-" + words, of, Some.Start + at, "Ann", "ann@shop.example", words)],
    };
}
