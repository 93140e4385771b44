using ErrorPipeline.Collector.Admission;

namespace ErrorPipeline.Collector.Clients;

/// <summary>Answers what clients ask besides sending errors, so that none waits, retries or complains. Nothing of it is kept.</summary>
internal sealed class AsideEndpoint(Gate gate)
{
    private const string Methods = "GET, POST, OPTIONS";

    public Task HandleAsync(HttpContext http, FixedAnswer answer, string? key)
    {
        var project = key is null ? null : gate.ProjectOf(key);
        var method = http.Request.Method;
        if (HttpMethods.IsOptions(method))
        {
            Cors.Preflight(http, project, credentials: true, Methods);
            return Task.CompletedTask;
        }

        Cors.Allow(http, project, credentials: true);
        if (!HttpMethods.IsGet(method) && !HttpMethods.IsPost(method) && !HttpMethods.IsHead(method))
        {
            http.Response.Headers.Allow = Methods;
            return Answers.RefuseAsync(http, new(405, "method_not_allowed", "this address answers GET and POST")).AsTask();
        }

        if (project is not null && answer.Ignored is not null)
            gate.CountIgnored(project, answer.Ignored, 1);
        http.Response.Headers.CacheControl = "no-store";
        return HttpMethods.IsHead(method)
            ? Answers.SendAsync(http, answer.Status, answer.ContentType, []).AsTask()
            : Answers.SendAsync(http, answer.Status, answer.ContentType, answer.Body).AsTask();
    }
}
