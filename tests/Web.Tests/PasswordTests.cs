using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Web.SigningIn;

namespace ErrorPipeline.Web.Tests;

public class PasswordTests
{
    private const string Right = "correct horse battery";
    private readonly Passwords _passwords = new();

    [Test]
    public void Matches_RightAndWrongPassword_TellsThemApart()
    {
        var user = Somebody();

        (_passwords.Matches(user, Right), _passwords.Matches(user, "wrong horse battery"), _passwords.Matches(null, Right)).Should().Be((true, false, false));
    }

    [Test]
    public void Matches_AccountThatDoesNotExist_TakesAsLong()
    {
        var user = Somebody();
        _passwords.Matches(user, "warm up");

        var ratios = Enumerable.Range(0, 7).Select(_ => Took(null) / Took(user)).Order().ToList();

        ratios[3].Should().BeInRange(0.2, 5, "the same function is worked as often, whoever is meant");

        double Took(User? who)
        {
            var started = TimeProvider.System.GetTimestamp();
            _passwords.Matches(who, "wrong horse battery");
            return TimeProvider.System.GetElapsedTime(started).TotalMilliseconds;
        }
    }

    private User Somebody() => new(1, "somebody@localhost", _passwords.Hash(Right), "stamp", 0);
}
