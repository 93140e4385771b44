using System.Text;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Policies;
using ErrorPipeline.Workers.Normalize;
using ErrorPipeline.Workers.Normalize.Policies;
using ErrorPipeline.Workers.Normalize.SourceMaps;

namespace ErrorPipeline.Workers.Tests.Normalize.Policies;

public class ErasedPersonTests
{
    private const string Body = """{"message":"boom","user":{"id":"4711","email":"Ann@Example.com"},"breadcrumbs":[{"message":"typed"}]}""";

    [TestCase("4711", true)]
    [TestCase("ann@example.com", true)]
    [TestCase("203.0.113.77", true)]
    [TestCase("::ffff:203.0.113.77", true)]
    [TestCase("4712", false)]
    [TestCase("203.0.113.7", false)]
    public void Event_OfAnErasedPerson_IsNotKept(string name, bool isTaken) =>
        Judge(name, Unique(new Occurrence { EventId = Some.EventId(1), ReceivedAt = Some.Time, ClientIp = "203.0.113.77" })).Single().Filtered.Should().Be(isTaken ? "erased" : null);

    [Test]
    public void Event_ReceivedAfterTheErasure_IsKept()
    {
        var occurrence = new Occurrence { EventId = Some.EventId(1), ReceivedAt = Some.Time + 1 };

        Judge("4711", Unique(occurrence)).Single().Filtered.Should().BeNull();
        Judge("4711", Unique(occurrence with { ReceivedAt = Some.Time })).Single().Filtered.Should().Be("erased");
    }

    [Test]
    public void Fold_OfSeveralPersons_LosesTheErasedOneAlone()
    {
        var mine = new Occurrence { EventId = Some.EventId(1), ReceivedAt = Some.Time };
        var others = new Occurrence { EventId = Some.EventId(2), ReceivedAt = Some.Time, User = "bob" };

        var judged = Judge("4711", Unique(mine, others));

        judged.Single(j => j.Filtered == "erased").Error.Occurrences.Single().EventId.Should().Be(mine.EventId);
        var kept = judged.Single(j => j.Filtered is null).Error;
        kept.Occurrences.Single().EventId.Should().Be(others.EventId);
        kept.Context.User.Should().BeNull("the body was the other's");
        kept.Context.Breadcrumbs.Should().BeEmpty();
        judged.Sum(j => j.Error.Count).Should().Be(2);
    }

    [Test]
    public void Fold_ErasedPersonBehindAnother_LosesThatOccurrence()
    {
        var others = new Occurrence { EventId = Some.EventId(2), ReceivedAt = Some.Time, User = "bob@example.com" };

        Judge("BOB@example.com", Unique(new() { EventId = Some.EventId(1), ReceivedAt = Some.Time }, others)).Single(j => j.Filtered is null).Error.Context.User!.Id.Should().Be("4711");
    }

    private static IReadOnlyList<Judged> Judge(string name, UniqueError unique) => new NormalizeStage().Judge(unique, new(MapFacts.None, new(
        [new() { Id = 1, Name = "Shop", Keys = [], UserSalt = "salt", Erased = [new(PersonHash.Of("salt", 1, name), Some.Time)] }])));

    private static UniqueError Unique(params Occurrence[] occurrences) => new() { ProjectId = 1, Protocol = "native", Body = Encoding.UTF8.GetBytes(Body), Occurrences = occurrences };
}
