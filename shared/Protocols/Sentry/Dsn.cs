namespace ErrorPipeline.Shared.Protocols.Sentry;

/// <summary>"https://KEY@host/42", also with a secret behind the key ("KEY:SECRET@").</summary>
public static class Dsn
{
    /// <summary>Null where the text is no DSN.</summary>
    public static string? KeyOf(string? dsn)
    {
        var scheme = dsn?.IndexOf("://", StringComparison.Ordinal) ?? -1;
        if (scheme < 0)
            return null;
        var rest = dsn.AsSpan(scheme + 3);
        var at = rest.IndexOf('@');
        if (at <= 0)
            return null;
        var key = rest[..at];
        if (key.IndexOf(':') is >= 0 and var secret)
            key = key[..secret];
        return key.IsEmpty ? null : key.ToString();
    }
}
