using System.Net;
using System.Net.Sockets;

namespace ErrorPipeline.Web.SigningIn;

/// <summary>
/// Slows down guessing: few failures per (address, account), more per address alone. An account is never locked as such, so
/// nobody can lock its owner out from elsewhere. Bounded: past <see cref="MostKeys"/> the oldest half is forgotten.
/// </summary>
internal sealed class SignInThrottle(TimeProvider clock)
{
    public const int FailuresPerAccount = 5;
    public const int FailuresPerAddress = 50;
    private const int MostKeys = 20_000;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(10);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Failures> _failures = new(StringComparer.Ordinal);

    /// <summary>One customer has a whole /64 of IPv6 and could send every guess from another address of it.</summary>
    public static string NameOf(IPAddress? address)
    {
        if (address is null)
            return "";
        if (address.AddressFamily != AddressFamily.InterNetworkV6 || address.IsIPv4MappedToIPv6)
            return (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString();
        return Convert.ToHexStringLower(address.GetAddressBytes().AsSpan(0, 8)) + "/64";
    }

    /// <summary>Takes one attempt; how long to wait where there are none left. Counted before the password is looked at, so that attempts side by side do not slip through.</summary>
    public TimeSpan? Take(string address, string account)
    {
        var now = clock.GetUtcNow();
        lock (_lock)
        {
            // First: who is out of attempts must not be able to fill the table, which would forget that.
            var byAddress = Current(address, now);
            if (byAddress.Count >= FailuresPerAddress)
                return byAddress.Since + Window - now;
            var byAccount = Current($"{address}|{account}", now);
            if (byAccount.Count >= FailuresPerAccount)
                return byAccount.Since + Window - now;
            byAccount.Count++;
            byAddress.Count++;
            return null;
        }
    }

    /// <summary>After a success: the owner mistyped and is in now.</summary>
    public void Forgive(string address, string account)
    {
        lock (_lock)
        {
            if (_failures.Remove($"{address}|{account}", out var mine) && _failures.TryGetValue(address, out var all))
                all.Count -= Math.Min(mine.Count, all.Count);
        }
    }

    private Failures Current(string key, DateTimeOffset now)
    {
        if (_failures.TryGetValue(key, out var known) && known.Since + Window > now)
            return known;
        if (_failures.Count >= MostKeys)
        {
            foreach (var old in _failures.OrderBy(f => f.Value.Since).Take(MostKeys / 2).Select(f => f.Key).ToList())
                _failures.Remove(old);
        }

        return _failures[key] = new(now);
    }

    private sealed class Failures(DateTimeOffset since)
    {
        public DateTimeOffset Since { get; } = since;
        public int Count { get; set; }
    }
}
