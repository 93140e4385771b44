using Microsoft.Extensions.Options;

namespace ErrorPipeline.Web.Serving;

/// <summary>Section <c>Web</c>.</summary>
internal sealed class ServeOptions
{
    /// <summary>Address of the collector as browsers reach it: what snippets are made with.</summary>
    public string CollectorUrl { get; set; } = "http://127.0.0.1:5081";

    /// <summary>Lets scripts read <c>/api/v1</c> by "Authorization: Bearer ..."; off where empty.</summary>
    public string? ApiToken { get; set; }

    /// <summary>How often one token, or one person, may ask <c>/api/v1</c>.</summary>
    public int ApiRequestsPerMinute { get; set; } = 3_000;

    /// <summary>Lets builds upload source maps by "Authorization: Bearer ..."; off where empty.</summary>
    public string? UploadToken { get; set; }

    public string? FirstUserEmail { get; set; }

    public string? FirstUserPassword { get; set; }

    /// <summary>Serves <c>/demo</c> to anyone and makes the project "Demo" at the first start.</summary>
    public bool Demo { get; set; }

    /// <summary>Addresses of proxies, by comma, whose X-Forwarded-For and -Proto are believed.</summary>
    public string? TrustedProxies { get; set; }

    /// <summary>A session that is not used for so long ends.</summary>
    public int SessionDays { get; set; } = 14;
}

internal sealed class ServeOptionsValidator : IValidateOptions<ServeOptions>
{
    public ValidateOptionsResult Validate(string? name, ServeOptions options)
    {
        var failures = Failures(options).ToList();
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static IEnumerable<string> Failures(ServeOptions options)
    {
        if (!Uri.TryCreate(options.CollectorUrl, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https")
            || url.Query.Length > 0 || url.Fragment.Length > 0)
            yield return $"ERRORPIPELINE_WEB__COLLECTORURL is '{options.CollectorUrl}': give the collector's address as browsers reach it, such as https://errors.example.com";
        if (options.ApiToken is { Length: > 0 and < 24 } token)
            yield return $"ERRORPIPELINE_WEB__APITOKEN has {token.Length} characters: use at least 24 random ones, or leave it empty to switch token access off";
        if (options.UploadToken is { Length: > 0 and < 24 } upload)
            yield return $"ERRORPIPELINE_WEB__UPLOADTOKEN has {upload.Length} characters: use at least 24 random ones, or leave it empty to switch uploads by token off";
        if (options.FirstUserEmail is { Length: > 0 } email && !email.Contains('@', StringComparison.Ordinal))
            yield return $"ERRORPIPELINE_WEB__FIRSTUSEREMAIL is '{email}': give an address such as admin@example.com";
        if (options.FirstUserPassword is { Length: > 0 and < SigningIn.Passwords.Shortest })
            yield return $"ERRORPIPELINE_WEB__FIRSTUSERPASSWORD is too short: use at least {SigningIn.Passwords.Shortest} characters";
        foreach (var proxy in TrustedProxies(options).Where(p => !System.Net.IPAddress.TryParse(p, out _)))
            yield return $"ERRORPIPELINE_WEB__TRUSTEDPROXIES names '{proxy}': give IP addresses separated by commas";
        if (options.ApiRequestsPerMinute is < 10 or > 1_000_000)
            yield return $"ERRORPIPELINE_WEB__APIREQUESTSPERMINUTE is {options.ApiRequestsPerMinute}: allowed are 10 to 1000000";
        if (options.SessionDays is < 1 or > 365)
            yield return $"ERRORPIPELINE_WEB__SESSIONDAYS is {options.SessionDays}: allowed are 1 to 365";
    }

    public static IEnumerable<string> TrustedProxies(ServeOptions options) =>
        (options.TrustedProxies ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
