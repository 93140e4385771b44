using System.Net;
using System.Net.Sockets;

namespace ErrorPipeline.Rigs;

/// <summary>
/// Ports that no other test takes. They lie below the range from which the system picks ports of outgoing connections,
/// so that one stays free while its server is down between a kill and a restart.
/// </summary>
public static class FreePort
{
    private const int First = 15_000;
    private const int Last = 31_999;

    /// <summary>Held until this process ends: other test processes see the lock and pass on.</summary>
    private static readonly List<FileStream> Reserved = [];

    static FreePort() => AppDomain.CurrentDomain.ProcessExit += (_, _) =>
    {
        foreach (var reserved in Reserved)
            reserved.Dispose();
    };

    public static int Take()
    {
        lock (Reserved)
        {
            for (var attempt = 0; attempt < 1000; attempt++)
            {
                var port = Random.Shared.Next(First, Last + 1);
                if (TryReserve(port) is not { } reserved)
                    continue;
                if (IsFree(port))
                {
                    Reserved.Add(reserved);
                    return port;
                }

                reserved.Dispose();
            }
        }

        throw new InvalidOperationException($"no free port between {First} and {Last}");
    }

    private static FileStream? TryReserve(int port)
    {
        try
        {
            var path = Path.Combine(Path.GetTempPath(), $"errorpipeline-port-{port}");
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (IOException)
        {
            return null;
        }
        catch (UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
