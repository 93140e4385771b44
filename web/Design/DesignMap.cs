using ErrorPipeline.Web.Components.Design;
using ErrorPipeline.Web.Serving;

namespace ErrorPipeline.Web.Design;

internal static class DesignMap
{
    public static void MapDesign(this IEndpointRouteBuilder app) => app.MapGet("/design", () => Page.Of<DesignPage>([]));
}
