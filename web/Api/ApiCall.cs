using System.Text;
using Microsoft.AspNetCore.Routing.Patterns;

namespace ErrorPipeline.Web.Api;

/// <summary>One endpoint with one method.</summary>
public sealed class ApiCall(string method, RoutePattern route, ApiEndpoint about)
{
    public string Method => method;

    public ApiEndpoint About => about;

    /// <summary>"/api/v1/issues/{id}".</summary>
    public string Path { get; } = "/" + string.Join('/', route.PathSegments.Select(segment => string.Concat(segment.Parts.Select(Text))));

    /// <summary>Name and type of what stands in the path.</summary>
    public IReadOnlyList<(string Name, string Type)> PathParameters { get; } =
    [
        .. route.Parameters.Select(p => (p.Name, p.ParameterPolicies.Any(policy => policy.Content is "int" or "long") ? "integer" : "string")),
    ];

    /// <summary>"getIssuesById".</summary>
    public string Id { get; } = method.ToLowerInvariant() + string.Concat(route.PathSegments.Skip(2).Select(segment => string.Concat(segment.Parts.Select(
        part => part is RoutePatternParameterPart parameter ? "By" + Capital(parameter.Name) : Capital(((RoutePatternLiteralPart)part).Content)))));

    /// <summary>How it is called from a shell.</summary>
    public string Curl(string site)
    {
        var text = new StringBuilder("curl");
        if (Method != HttpMethods.Get)
            text.Append(" -X ").Append(Method);
        text.Append(" -H \"Authorization: Bearer $TOKEN\"");
        if (about.Body is { } body)
            text.Append(" -H \"Content-Type: application/json\" -d '").Append(ApiSchemas.Example(body)).Append('\'');
        else if (about.BodyType is not null)
            text.Append(" --data-binary @FILE");
        var query = string.Join('&', about.Query.Where(q => q.IsRequired).Select(q => $"{q.Name}={q.Name.ToUpperInvariant()}"));
        return text.Append(" \"").Append(site).Append(Path.Replace("{", "", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal)).Append(query.Length > 0 ? "?" + query : "").Append('"').ToString();
    }

    private static string Text(RoutePatternPart part) => part switch
    {
        RoutePatternLiteralPart literal => literal.Content,
        RoutePatternParameterPart parameter => $"{{{parameter.Name}}}",
        _ => "",
    };

    private static string Capital(string name) => string.Concat(name.Split('-', '.').Where(part => part.Length > 0).Select(part => char.ToUpperInvariant(part[0]) + part[1..]));
}
