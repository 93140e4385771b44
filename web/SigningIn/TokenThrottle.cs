using System.Net;

namespace ErrorPipeline.Web.SigningIn;

/// <summary>
/// Counts tokens that opened nothing, per address: a build with a wrong token may try again and again, a guesser may not. Bounded like
/// <see cref="SignInThrottle"/>.
/// </summary>
internal sealed class TokenThrottle(TimeProvider clock)
{
    public const int Failures = 100;
    private const int MostAddresses = 10_000;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(10);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, (int Count, DateTimeOffset Since)> _failures = new(StringComparer.Ordinal);

    /// <summary>How long to wait where the address has failed too often; null where it may try.</summary>
    public TimeSpan? Wait(IPAddress? address)
    {
        var now = clock.GetUtcNow();
        lock (_lock)
            return _failures.TryGetValue(SignInThrottle.NameOf(address), out var mine) && mine.Count >= Failures && mine.Since + Window > now ? mine.Since + Window - now : null;
    }

    public void Failed(IPAddress? address)
    {
        var now = clock.GetUtcNow();
        var name = SignInThrottle.NameOf(address);
        lock (_lock)
        {
            if (_failures.TryGetValue(name, out var mine) && mine.Since + Window > now)
            {
                _failures[name] = (mine.Count + 1, mine.Since);
                return;
            }

            if (_failures.Count >= MostAddresses)
            {
                foreach (var old in _failures.OrderBy(f => f.Value.Since).Take(MostAddresses / 2).Select(f => f.Key).ToList())
                    _failures.Remove(old);
            }

            _failures[name] = (1, now);
        }
    }
}
