using System.Net;
using ErrorPipeline.Web.SigningIn;

namespace ErrorPipeline.Web.Tests;

public class SignInThrottleTests
{
    [Test]
    public void Take_ByAnAddressThatIsOut_CannotMakeTheTableForgetIt()
    {
        var throttle = new SignInThrottle(TimeProvider.System);
        for (var i = 0; i < SignInThrottle.FailuresPerAddress; i++)
            throttle.Take("203.0.113.1", $"account {i}").Should().BeNull();
        for (var i = 0; i < 45_000; i++)
            throttle.Take("203.0.113.1", $"other {i}").Should().NotBeNull();
    }

    [TestCase("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::1", true)]
    [TestCase("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    [TestCase("203.0.113.1", "::ffff:203.0.113.1", true)]
    [TestCase("203.0.113.1", "203.0.113.2", false)]
    public void NameOf_AddressesOfOneCustomer_AreOne(string one, string other, bool same) =>
        (SignInThrottle.NameOf(IPAddress.Parse(one)) == SignInThrottle.NameOf(IPAddress.Parse(other))).Should().Be(same);
}
