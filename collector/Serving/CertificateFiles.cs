using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Options;

namespace ErrorPipeline.Collector.Serving;

/// <summary>The certificate of https, read again when its files change. A pair that does not fit leaves the one before in use.</summary>
internal sealed partial class CertificateFiles(IOptions<ServeOptions> options, TimeProvider time, ILogger<CertificateFiles> logger)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private X509Certificate2? _certificate;
    private (DateTime, DateTime) _written;
    private long _lookedAt;

    public bool AreSet => options.Value.CertificatePath.Length > 0;

    /// <summary>Asked at every handshake.</summary>
    public X509Certificate2? Current()
    {
        lock (_gate)
        {
            if (_certificate is null || time.GetElapsedTime(_lookedAt) > LookEvery)
                Look();
            return _certificate;
        }
    }

    private void Look()
    {
        _lookedAt = time.GetTimestamp();
        var (certificate, key) = (options.Value.CertificatePath, options.Value.KeyPath);
        var written = (File.GetLastWriteTimeUtc(certificate), File.GetLastWriteTimeUtc(key));
        if (_certificate is not null && written == _written)
            return;
        try
        {
            // The one before may still serve a handshake: it is left to the collector of garbage.
            _certificate = X509Certificate2.CreateFromPemFile(certificate, key);
            _written = written;
            Loaded(logger, _certificate.Subject, _certificate.NotAfter);
        }
        catch (Exception e) when (e is IOException or CryptographicException or UnauthorizedAccessException)
        {
            Unreadable(logger, e, certificate);
        }
    }

    [LoggerMessage(1300, LogLevel.Information, "Certificate {Subject} is in use, valid until {NotAfter}")]
    private static partial void Loaded(ILogger logger, string subject, DateTime notAfter);

    [LoggerMessage(1301, LogLevel.Error, "The certificate {Path} cannot be read; the one before stays in use")]
    private static partial void Unreadable(ILogger logger, Exception why, string path);
}
