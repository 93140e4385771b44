using System.Net;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;

namespace ErrorPipeline.Web.Serving;

/// <summary>What has to do with HTTP itself: limits, headers, error pages, keys of cookies.</summary>
internal static class ServingSetup
{
    /// <summary>No form of ours comes near; the default of 30 MB would only help an attacker.</summary>
    private const long LargestForm = 256 * 1024;

    public static void AddServing(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<ServeOptions>().BindConfiguration("Web").ValidateOnStart();
        services.AddSingleton<IValidateOptions<ServeOptions>, ServeOptionsValidator>();
        services.AddHostedService<StartMemory>();
        services.AddSingleton<Assets>();
        services.AddRazorComponents();
        // What is secret on a page (form tokens, nonces) is different bytes each time, so that its compressed length tells nothing.
        services.AddResponseCompression(compression => compression.EnableForHttps = true);
        services.AddHsts(hsts => hsts.MaxAge = TimeSpan.FromDays(365));
        services.AddAntiforgery(form =>
        {
            form.Cookie.Name = "ep_form";
            form.Cookie.SameSite = SameSiteMode.Strict;
            form.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            form.SuppressXFrameOptionsHeader = true;
        });

        var data = builder.Configuration["DataDirectory"] is { Length: > 0 } given ? given : "data";
        services.AddDataProtection()
            .SetApplicationName("ErrorPipeline")
            .PersistKeysToFileSystem(PrivateFolder(Path.Combine(data, "keys")));
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LargestForm;
        });
        services.AddOptions<ForwardedHeadersOptions>().Configure<IOptions<ServeOptions>>(TrustProxies);
    }

    public static void UseServing(this WebApplication app)
    {
        app.UseForwardedHeaders();
        app.UseMiddleware<SecurityHeaders>();
        app.UseResponseCompression();
        app.UseHsts();
        app.UseExceptionHandler(new ExceptionHandlerOptions { ExceptionHandler = ErrorPages.ShowFailureAsync });
        app.UseStatusCodePages(ErrorPages.ShowStatusAsync);
        app.UseRouting();
    }

    private static void TrustProxies(ForwardedHeadersOptions headers, IOptions<ServeOptions> options)
    {
        headers.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
        headers.KnownProxies.Clear();
        headers.KnownIPNetworks.Clear();
        foreach (var proxy in ServeOptionsValidator.TrustedProxies(options.Value))
            headers.KnownProxies.Add(IPAddress.Parse(proxy));
        if (headers.KnownProxies.Count == 0)
            headers.ForwardedHeaders = ForwardedHeaders.None;
    }

    /// <summary>Whoever reads these keys can make sessions, so nobody else on the machine may.</summary>
    private static DirectoryInfo PrivateFolder(string path) => OperatingSystem.IsWindows()
        ? Directory.CreateDirectory(path)
        : Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
}
