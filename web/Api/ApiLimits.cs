using ErrorPipeline.Web.Serving;
using Microsoft.Extensions.Options;

namespace ErrorPipeline.Web.Api;

/// <summary>Counts the calls of each token and person, minute by minute. Bounded: past <see cref="MostCallers"/> the minutes that are over are forgotten.</summary>
internal sealed class ApiLimits(IOptions<ServeOptions> serve, TimeProvider clock)
{
    private const int MostCallers = 10_000;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, (DateTimeOffset Since, int Count)> _callers = new(StringComparer.Ordinal);

    public ApiLimit Take(string caller)
    {
        var (now, limit) = (clock.GetUtcNow(), serve.Value.ApiRequestsPerMinute);
        lock (_lock)
        {
            if (_callers.Count >= MostCallers)
            {
                foreach (var over in _callers.Where(c => c.Value.Since + Window <= now).Select(c => c.Key).ToList())
                    _callers.Remove(over);
            }

            var (since, count) = _callers.TryGetValue(caller, out var known) && known.Since + Window > now ? known : (now, 0);
            _callers[caller] = (since, Math.Min(count + 1, limit + 1));
            return new(count < limit, limit, Math.Max(0, limit - count - 1), Math.Max(1, (int)Math.Ceiling((since + Window - now).TotalSeconds)));
        }
    }
}

/// <param name="ResetSeconds">Until the count starts anew.</param>
internal readonly record struct ApiLimit(bool IsAllowed, int Limit, int Remaining, int ResetSeconds);
