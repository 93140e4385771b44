using System.Net;
using System.Net.Sockets;
using ErrorPipeline.Shared.Policies;

namespace ErrorPipeline.Workers.Normalize.Policies;

/// <summary>Tells the users of a project apart without saying who they are, as far as the project lets the address take part.</summary>
/// <param name="mode">See <see cref="AddressMode"/>; what is not known counts as off.</param>
/// <param name="salt">The project's own: without it nobody can try all addresses, or join projects by their users.</param>
internal sealed class UserIdentity(string mode, string? salt)
{
    /// <summary>A keyed hash; null where nobody is named and the address takes no part.</summary>
    public string? KeyOf(int projectId, string? user, string? address, string? agent)
    {
        var counted = mode switch
        {
            AddressMode.Hashed => address,
            AddressMode.Truncated => NetworkOf(address) ?? address,
            _ => null,
        };
        if (user is null && counted is null)
            return null;
        return user is not null ? PersonHash.KeyOfUser(salt, projectId, user) : PersonHash.KeyOfAddress(salt, projectId, counted, agent);
    }

    /// <summary>What of the address is kept with the event: its network where the project wants that, else nothing.</summary>
    public string? Kept(string? address) => mode == AddressMode.Truncated ? NetworkOf(address) : null;

    private static string? NetworkOf(string? address)
    {
        if (!IPAddress.TryParse(address, out var parsed))
            return null;
        if (parsed.IsIPv4MappedToIPv6)
            parsed = parsed.MapToIPv4();
        var bytes = parsed.GetAddressBytes();
        var kept = parsed.AddressFamily == AddressFamily.InterNetwork ? 3 : 6;
        bytes.AsSpan(kept).Clear();
        return $"{new IPAddress(bytes)}/{kept * 8}";
    }
}
