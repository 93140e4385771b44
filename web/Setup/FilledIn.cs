using System.Text.RegularExpressions;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Web.Settings;

namespace ErrorPipeline.Web.Setup;

/// <summary>A guide's code with a project's key and the collector's address in it: hex digits, and a URL that the options check and this escapes, so nothing can leave the quotes.</summary>
public sealed partial class FilledIn
{
    /// <summary>Stands for the snippet.</summary>
    public const string Snippet = "SNIPPET";

    private readonly Snippet _snippet;
    private readonly ProjectKey _key;
    private readonly string _scheme;
    private readonly string _host;

    public FilledIn(Snippet snippet, ProjectKey key)
    {
        _snippet = snippet;
        _key = key;
        var url = new Uri(snippet.CollectorUrl);
        _scheme = $"{url.Scheme}://";
        _host = url.Authority + url.AbsolutePath.TrimEnd('/').Replace("'", "%27", StringComparison.Ordinal);
    }

    public string this[GuideStep step] => step.Code == Snippet ? _snippet.TagFor(_key) : Fill(step.Code);

    /// <summary>"KEY" becomes the key, and "https://errors.example" the address.</summary>
    public string Fill(string code) => Placeholder().Replace(code, found => found.Value switch
    {
        "KEY" => _key.Key,
        "https://" => _scheme,
        _ => _host,
    });

    [GeneratedRegex(@"\bKEY\b|https://(?=(KEY@)?errors\.example)|errors\.example", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Placeholder();
}
