using System.Net;
using System.Text.RegularExpressions;

namespace ErrorPipeline.Rigs;

/// <summary>Signs a browser in, as the form does.</summary>
public static partial class SignInForm
{
    /// <param name="browser">Keeps cookies and follows no redirect.</param>
    /// <param name="email">Of a user.</param>
    /// <param name="password">Theirs.</param>
    public static async Task SignInAsync(this HttpClient browser, string email, string password)
    {
        var address = new Uri("/sign-in", UriKind.Relative);
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["__RequestVerificationToken"] = Token().Match(await browser.GetStringAsync(address)).Groups["token"].Value,
            ["Email"] = email,
            ["Password"] = password,
        });
        using var answer = await browser.PostAsync(address, form);
        if (answer.StatusCode != HttpStatusCode.Redirect)
            throw new InvalidOperationException($"signing in answered {(int)answer.StatusCode}");
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"(?<token>[^\"]+)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Token();
}
