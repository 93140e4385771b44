using ErrorPipeline.Web.Issues;

namespace ErrorPipeline.Web.Tests;

public class ShortIdTests
{
    [TestCase(1, "SHOP-1")]
    [TestCase(31, "SHOP-Z")]
    [TestCase(111, "SHOP-3F")]
    [TestCase(long.MaxValue, "SHOP-7ZZZZZZZZZZZZ")]
    public void Of_ANumber_ReadsBack(long issue, string name)
    {
        ShortId.Of("SHOP", issue).Should().Be(name);
        ShortId.TryParse(name, out var shortName, out var parsed).Should().BeTrue();
        (shortName, parsed).Should().Be(("SHOP", issue));
    }

    [TestCase("shop-3f", "shop", 111)]
    [TestCase("SHOP-1O", "SHOP", 32)]
    [TestCase("SHOP-lI", "SHOP", 33)]
    [TestCase("A-B-2", "A-B", 2)]
    public void TryParse_TypedByAPerson_MeansTheSame(string typed, string project, long issue)
    {
        ShortId.TryParse(typed, out var shortName, out var parsed).Should().BeTrue();
        (shortName, parsed).Should().Be((project, issue));
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("-")]
    [TestCase("SHOP")]
    [TestCase("SHOP-")]
    [TestCase("-3F")]
    [TestCase("SHOP-0")]
    [TestCase("SHOP-3!")]
    [TestCase("SHOP-8ZZZZZZZZZZZZ")]
    [TestCase("SHOP-ZZZZZZZZZZZZZZZZZZZZZZZZ")]
    [TestCase("SHOP-\u0663")]
    public void TryParse_WhatIsNone_IsRefused(string? typed) => ShortId.TryParse(typed, out _, out _).Should().BeFalse();

    [Test]
    public void Of_AnyNumber_ReadsBack()
    {
        var random = new Random(7);
        for (var n = 0; n < 10_000; n++)
        {
            var issue = random.NextInt64(1, long.MaxValue) >> random.Next(62) | 1;
            ShortId.TryParse(ShortId.Of("P", issue), out _, out var parsed).Should().BeTrue();
            parsed.Should().Be(issue);
        }
    }
}
