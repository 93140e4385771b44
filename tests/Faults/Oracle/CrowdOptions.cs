using System.Text.Json.Nodes;

namespace ErrorPipeline.Faults.Oracle;

internal sealed record CrowdOptions
{
    /// <summary>Four letters that event ids begin with: two crowds with the same run send the same ids.</summary>
    public string Run { get; init; } = "seed";

    public int Kinds { get; init; } = 20;

    public int Clients { get; init; } = 6;

    /// <summary>Of each client between two requests.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Of a client whose request was not answered 202, before it sends it again.</summary>
    public TimeSpan Retry { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Events of one request: 1 to this many.</summary>
    public int MostEvents { get; init; } = 20;

    /// <summary>How often every request is sent, all of them until it was answered 202.</summary>
    public int Copies { get; init; } = 1;

    /// <summary>No more events than this; without end where not told.</summary>
    public int Events { get; init; } = int.MaxValue;

    /// <summary>Which kind an event is of; n % kinds where not told.</summary>
    public Func<int, int>? KindOf { get; init; }

    /// <summary>Last word on event number n.</summary>
    public Action<int, JsonObject> Dress { get; init; } = (_, _) => { };
}
