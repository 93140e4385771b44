using ErrorPipeline.Shared.Storage;

namespace ErrorPipeline.Stores.Compliance;

[TestFixture]
internal sealed class HyperLogLogTests
{
    [TestCase(0, 0)]
    [TestCase(1, 0)]
    [TestCase(100, 2)]
    [TestCase(10_000, 250)]
    [TestCase(40_000, 1000)]
    [TestCase(1_000_000, 25_000)]
    public void Estimate_DistinctValues_IsWithinThreeStandardErrors(int values, int error)
    {
        var sketch = new HyperLogLog();
        for (var n = 0; n < values; n++)
            sketch.Add($"user-{n}");

        sketch.Estimate().Should().BeCloseTo(values, (ulong)error);
    }

    [Test]
    public void Add_SameValueAgain_ChangesNothing()
    {
        var sketch = new HyperLogLog();
        sketch.Add("a");
        var before = sketch.Registers.ToArray();

        sketch.Add("a");

        sketch.Registers.Should().Equal(before);
    }

    [Test]
    public void Join_TwoSketches_IsThatOfTheUnion()
    {
        var (one, two, both) = (new HyperLogLog(), new HyperLogLog(), new HyperLogLog());
        for (var n = 0; n < 30_000; n++)
        {
            (n < 20_000 ? one : two).Add($"{n}");
            two.Add($"{n / 2}");
            both.Add($"{n}");
        }

        one.Join(two);

        one.Registers.Should().Equal(both.Registers);
    }

    [Test]
    public void Registers_OfAnotherSize_AreRefused()
    {
        var make = () => new HyperLogLog(new byte[5]);

        make.Should().Throw<ArgumentException>();
    }
}
