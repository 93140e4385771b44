using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace ErrorPipeline.Shared.Policies;

/// <summary>
/// How a person whose data is to be erased is remembered: by a hash of user id, e-mail address or network address, keyed by the project's
/// salt. It finds what is still on its way, and tells nobody who it was.
/// </summary>
public static class PersonHash
{
    public static string Of(string? salt, int projectId, string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Hash($"{salt}{projectId}\0erase\0{Normal(name)}");
    }

    /// <summary>The key under which a person whom the site names is counted: <see cref="Contracts.NormalizedOccurrence.UserKey"/>.</summary>
    public static string KeyOfUser(string? salt, int projectId, string user) => Hash($"{salt}{projectId}\0user\0{user}");

    /// <summary>The key under which a visitor whom nobody names is counted.</summary>
    public static string KeyOfAddress(string? salt, int projectId, string? address, string? agent) => Hash($"{salt}{projectId}\0address\0{address}\0{agent}");

    /// <summary>E-mail addresses are one in whichever case, network addresses in whichever form; user ids are told apart to the letter.</summary>
    public static string Normal(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var trimmed = name.Trim();
        if (IPAddress.TryParse(trimmed, out var address) && trimmed.AsSpan().ContainsAny('.', ':'))
            return (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString();
        return trimmed.Contains('@', StringComparison.Ordinal) ? trimmed.ToLowerInvariant() : trimmed;
    }

    private static string Hash(string identity) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(identity)).AsSpan(0, 12));
}
