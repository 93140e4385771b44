using ErrorPipeline.Shared.Hosting;
using ErrorPipeline.Web.Api;
using ErrorPipeline.Web.Commands;
using ErrorPipeline.Web.Demo;
using ErrorPipeline.Web.Design;
using ErrorPipeline.Web.Issues;
using ErrorPipeline.Web.Live;
using ErrorPipeline.Web.Overview;
using ErrorPipeline.Web.Pipeline;
using ErrorPipeline.Web.Policies;
using ErrorPipeline.Web.Privacy;
using ErrorPipeline.Web.Receipts;
using ErrorPipeline.Web.Releases;
using ErrorPipeline.Web.Settings;
using ErrorPipeline.Web.Setup;
using ErrorPipeline.Web.SigningIn;
using ErrorPipeline.Web.SourceMaps;

namespace ErrorPipeline.Web.Serving;

/// <summary>The web process, put together: what it is made of, and the order a request goes through.</summary>
internal static class Dashboard
{
    public static WebApplication Build(string[] args)
    {
        var builder = WebApplication.CreateBuilder(ErrorPipelineDefaults.HostArguments(args));
        builder.AddErrorPipelineDefaults("web", args);
        builder.AddServing();
        builder.AddStores();
        builder.AddSigningIn();
        builder.AddApi();
        builder.AddSettings();
        builder.AddSetup();
        builder.AddOverview();
        builder.AddIssues();
        builder.AddCommands();
        builder.AddLive();
        builder.AddPipeline();
        builder.AddArtifacts();
        builder.AddReceipts();
        builder.AddPeople();

        var app = builder.Build();
        app.UseServing();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseMiddleware<ApiGate>();
        app.UseMiddleware<RequireAntiforgery>();
        app.UseAntiforgery();
        app.UseMiddleware<Etags>();

        app.MapErrorPipelineDefaults();
        app.MapAssets();
        app.MapTheme();
        app.MapDesign();
        app.MapSigningIn();
        app.MapOverview();
        app.MapIssues();
        app.MapEvents();
        app.MapSettings();
        app.MapLinks();
        app.MapSetup();
        app.MapPolicies();
        app.MapPeople();
        app.MapPipeline();
        app.MapReceipts();
        app.MapLive();
        app.MapArtifacts();
        app.MapReleases();
        app.MapProjectsApi();
        app.MapIssuesApi();
        app.MapTriageApi();
        app.MapIssueExport();
        app.MapDeletes();
        app.MapApi();
        app.MapDemo();
        return app;
    }
}
