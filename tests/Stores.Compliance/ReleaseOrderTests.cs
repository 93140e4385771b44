using ErrorPipeline.Shared.Storage;

namespace ErrorPipeline.Stores.Compliance;

internal sealed class ReleaseOrderTests
{
    [TestCase("1.9.0", "1.10.0")]
    [TestCase("v1.2", "v1.2.1")]
    [TestCase("1.0.0-rc.2", "1.0.0-rc.10")]
    [TestCase("1.0.0-rc.10", "1.0.0")]
    [TestCase("1.0.0-1", "1.0.0-alpha")]
    [TestCase("1.0.0-alpha", "1.0.0-alpha.1")]
    [TestCase("shop@1.2.3+9", "shop@1.2.4+1")]
    [TestCase("shop-4.9.2", "shop-4.18.0")]
    [TestCase("app2-1.2.3", "app2-1.3.0")]
    [TestCase("2026.9.30", "2026.11.2")]
    public void Versions_ThatBothAre_GoByPrecedenceAgainstTheirTraffic(string older, string newer)
    {
        ReleaseOrder.IsNewer(new(newer, null, 1), new(older, null, 2)).Should().BeTrue();
        ReleaseOrder.IsNewer(new(older, null, 2), new(newer, null, 1)).Should().BeFalse();
    }

    [TestCase("shop@2.0.0", "admin@1.0.0", TestName = "other packages")]
    [TestCase("12345678", "1234567", TestName = "numbers alone may be hashes")]
    [TestCase("f00dcafe", "1.0.0", TestName = "one is none")]
    [TestCase("1.0.0+7", "1.0.0+8", TestName = "builds of one version")]
    public void Releases_ThatCannotBeCompared_GoByFirstTraffic(string first, string second)
    {
        ReleaseOrder.IsNewer(new(second, null, 2), new(first, null, 1)).Should().BeTrue();
        ReleaseOrder.IsNewer(new(second, null, 1), new(first, null, 2)).Should().BeFalse();
    }

    [Test]
    public void Release_WithAPlaceThatWasTold_GoesByItWhereTheOtherHasOneToo()
    {
        ReleaseOrder.IsNewer(new("1.0.0", 2, 1), new("2.0.0", 1, 2)).Should().BeTrue();
        ReleaseOrder.IsNewer(new("1.0.0", 2, 1), new("2.0.0", null, 2)).Should().BeFalse();
    }

    [Test]
    public void Version_OfEndlessDigits_IsNone() => SemanticVersion.Find(new string('1', 190) + ".2").Should().BeNull();
}
