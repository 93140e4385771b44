using System.IO.Compression;
using System.Security.Cryptography;

namespace ErrorPipeline.Collector.Agent;

/// <summary>
/// The browser agent under two names: /agent.js, which is looked at again after minutes, and /agent.{hash}.js, which never changes.
/// Compressed once, at the start; any origin may load it.
/// </summary>
internal sealed class AgentFiles
{
    private const string ShortCache = "public, max-age=300, stale-while-revalidate=3600";
    private const string Immutable = "public, max-age=31536000, immutable";

    private readonly Form[] _forms;

    /// <param name="path">The built agent; where it is missing nothing is served.</param>
    public AgentFiles(string path)
    {
        if (!File.Exists(path))
        {
            _forms = [];
            HashedName = "";
            return;
        }

        var script = File.ReadAllBytes(path);
        var hash = Convert.ToHexStringLower(SHA256.HashData(script))[..16];
        HashedName = $"/agent.{hash}.js";
        // Best first.
        _forms =
        [
            new("br", Pack(script, to => new BrotliStream(to, CompressionLevel.SmallestSize)), $"\"{hash}-br\""),
            new("gzip", Pack(script, to => new GZipStream(to, CompressionLevel.SmallestSize)), $"\"{hash}-gz\""),
            new("", script, $"\"{hash}\""),
        ];
    }

    /// <summary>"/agent.0123456789abcdef.js"; empty where there is no agent.</summary>
    public string HashedName { get; }

    public bool Has(PathString path) => _forms.Length > 0 && (path == "/agent.js" || path == HashedName);

    public Task ServeAsync(HttpContext http)
    {
        var (request, response) = (http.Request, http.Response);
        var headers = response.Headers;
        headers.AccessControlAllowOrigin = "*";
        headers.XContentTypeOptions = "nosniff";
        headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method))
        {
            headers.Allow = "GET, HEAD";
            response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            return Task.CompletedTask;
        }

        var form = Choose(request.Headers.AcceptEncoding.ToString());
        headers.Vary = "Accept-Encoding";
        headers.ETag = form.ETag;
        headers.CacheControl = request.Path == HashedName ? Immutable : ShortCache;
        if (request.Headers.IfNoneMatch.ToString().Contains(form.ETag, StringComparison.Ordinal))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        response.ContentType = "text/javascript; charset=utf-8";
        response.ContentLength = form.Bytes.Length;
        if (form.Coding.Length > 0)
            headers.ContentEncoding = form.Coding;
        return HttpMethods.IsHead(request.Method) ? Task.CompletedTask : response.Body.WriteAsync(form.Bytes, 0, form.Bytes.Length, http.RequestAborted);
    }

    private Form Choose(string accepted)
    {
        foreach (var form in _forms.AsSpan(0, _forms.Length - 1))
            foreach (var range in accepted.AsSpan().Split(','))
                if (Accepts(accepted.AsSpan()[range], form.Coding))
                    return form;
        return _forms[^1];
    }

    /// <summary>"br" or "br;q=0.5", but not "br;q=0".</summary>
    private static bool Accepts(ReadOnlySpan<char> element, string coding)
    {
        element = element.Trim();
        if (!element.StartsWith(coding, StringComparison.OrdinalIgnoreCase))
            return false;
        var rest = element[coding.Length..].Trim();
        return rest.IsEmpty || (rest[0] == ';' && rest[1..].Trim().TrimEnd(".0").ToString() is not ("q=" or "Q="));
    }

    private static byte[] Pack(byte[] script, Func<Stream, Stream> packer)
    {
        var packed = new MemoryStream();
        using (var stream = packer(packed))
            stream.Write(script);
        return packed.ToArray();
    }

    private sealed record Form(string Coding, byte[] Bytes, string ETag);
}
