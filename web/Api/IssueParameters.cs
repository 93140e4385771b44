namespace ErrorPipeline.Web.Api;

/// <summary>The filters of the issue list, as its address says them.</summary>
internal static class IssueParameters
{
    public static readonly IReadOnlyList<ApiParameter> All =
    [
        new("project", "of one project", "integer"),
        new("state", "all, where none is given", OneOf: ["all", "open", "resolved", "ignored"]),
        new("q", "words and terms, as the search field of the list takes them: see docs/searching.md"),
        new("env", "seen in this environment"),
        new("class", "whose error it is", OneOf: ["all", "ours", "third_party", "extension", "injected", "bot", "network", "unknown"]),
        new("since", "seen since then", OneOf: ["all", "1h", "24h", "7d", "30d"]),
        new("sort", "downwards by", OneOf: ["last", "first", "count", "users"]),
    ];
}
