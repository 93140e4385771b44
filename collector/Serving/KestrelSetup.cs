using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace ErrorPipeline.Collector.Serving;

/// <summary>What hostile clients may cost, and https.</summary>
internal sealed class KestrelSetup(IOptions<ServeOptions> serve, IOptions<Admission.AdmitOptions> admit, CertificateFiles certificates)
    : IConfigureOptions<KestrelServerOptions>
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    public void Configure(KestrelServerOptions kestrel)
    {
        var options = serve.Value;
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxConcurrentConnections = options.MaxConnections;
        kestrel.Limits.MaxRequestHeadersTotalSize = options.MaxHeaderBytes;
        kestrel.Limits.MaxRequestHeaderCount = 64;
        kestrel.Limits.MaxRequestLineSize = 4096;
        // Above the limit that BodyReader keeps: what is a little too large is read to its end and thrown away, because
        // a connection that is closed with unread bytes may be reset before the client has seen the 413.
        kestrel.Limits.MaxRequestBodySize = 4L * admit.Value.MaxBodyBytes;
        kestrel.Limits.RequestHeadersTimeout = options.HeaderTimeout;
        kestrel.Limits.KeepAliveTimeout = options.KeepAlive;
        kestrel.Limits.MinRequestBodyDataRate = new(options.MinBytesPerSecond, Grace);
        if (certificates.AreSet)
            kestrel.ConfigureHttpsDefaults(https => https.ServerCertificateSelector = (_, _) => certificates.Current());
    }
}
