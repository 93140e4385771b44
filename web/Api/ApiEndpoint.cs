namespace ErrorPipeline.Web.Api;

/// <summary>
/// Describes an endpoint of <c>/api/v1</c>, on the endpoint itself: what tokens may do there is decided by it, and the OpenAPI document and
/// the page /api are written from it. Without it an endpoint takes no personal token.
/// </summary>
/// <param name="Group">Heading under which it is listed.</param>
public sealed record ApiEndpoint(string Group, string Summary, ApiScope Scope = ApiScope.Read)
{
    /// <summary>Of what stands under "data"; null where nothing does.</summary>
    public Type? Answer { get; init; }

    /// <summary>"data" is null where there is nothing to tell.</summary>
    public bool MayBeNull { get; init; }

    public int Status { get; init; } = StatusCodes.Status200OK;

    /// <summary>Of the JSON that is sent; null where none is.</summary>
    public Type? Body { get; init; }

    /// <summary>Media type of a body that is no JSON.</summary>
    public string? BodyType { get; init; }

    /// <summary>Media types of an answer that is no JSON, but a download which is written while it is read.</summary>
    public IReadOnlyList<string> Streams { get; init; } = [];

    public IReadOnlyList<ApiParameter> Query { get; init; } = [];

    /// <summary>For what tells that there is no such endpoint.</summary>
    public bool IsListed { get; init; } = true;
}

/// <param name="Type">"string", "integer" or "boolean".</param>
public sealed record ApiParameter(string Name, string What, string Type = "string", params IReadOnlyList<string> OneOf)
{
    public bool IsRequired { get; init; }

    /// <summary>It may be given several times.</summary>
    public bool IsMany { get; init; }
}
