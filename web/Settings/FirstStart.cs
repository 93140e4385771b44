using System.Security.Cryptography;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Web.Serving;
using ErrorPipeline.Web.SigningIn;
using Microsoft.Extensions.Options;

namespace ErrorPipeline.Web.Settings;

/// <summary>Before the first request: the schema, somebody who can sign in, and the demo's project.</summary>
internal sealed class FirstStart(IConfigStore store, IArtifactStore artifacts, Passwords passwords, IOptions<ServeOptions> serve, TimeProvider clock) : IHostedService
{
    public const string DemoProject = "Demo";

    /// <summary>No letters or digits that look alike: it is read from a terminal and typed.</summary>
    private const string Alphabet = "abcdefghjkmnpqrstuvwxyz23456789";

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await store.MigrateAsync(cancellationToken);
        await artifacts.MigrateAsync(cancellationToken);
        if (await store.CountUsersAsync(cancellationToken) == 0)
            await MakeFirstUserAsync(cancellationToken);
        if (serve.Value.Demo && (await store.ListProjectsAsync(cancellationToken)).All(p => p.Name != DemoProject))
            await store.CreateProjectAsync(DemoProject, clock.GetUtcNow(), cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task MakeFirstUserAsync(CancellationToken cancel)
    {
        var email = serve.Value.FirstUserEmail is { Length: > 0 } given ? given.Trim().ToLowerInvariant() : "admin@localhost";
        var chosen = serve.Value.FirstUserPassword is { Length: > 0 } password ? password : null;
        var secret = chosen ?? RandomNumberGenerator.GetString(Alphabet, 20);
        await store.CreateUserAsync(email, passwords.Hash(secret), clock.GetUtcNow(), cancel);
        // The only time a password is ever shown; never through the log, which is kept.
        if (chosen is null)
            await Console.Out.WriteLineAsync($"first sign-in: {email} / {secret}");
    }
}
