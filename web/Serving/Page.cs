using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ErrorPipeline.Web.Serving;

/// <summary>
/// Pages are rendered by endpoints, not routed by components: what is read, which status is answered and what a form did
/// stands in one plain method, and a component only shows what it was given.
/// </summary>
internal static class Page
{
    public static RazorComponentResult<T> Of<T>(Dictionary<string, object?> parameters, int status = StatusCodes.Status200OK)
        where T : IComponent =>
        new(parameters) { StatusCode = status, PreventStreamingRendering = true };
}
