using ErrorPipeline.Faults.Suite;
using ErrorPipeline.Rigs;

namespace ErrorPipeline.Faults.Rigs;

/// <summary>A real file system of a few megabytes that can be filled. Needs the right to mount.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private readonly TempFolder _folder = new();

    public string Path => _folder.Path;

    private string Filler => _folder["filler"];

    /// <exception cref="CannotRunException">Mounting is not allowed here.</exception>
    public static async Task<SmallDisk> MountAsync(int megabytes)
    {
        var disk = new SmallDisk();
        var (code, output) = await ChildProcess.RunAsync("mount", ["-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", disk.Path], TimeSpan.FromSeconds(10));
        if (code == 0)
            return disk;
        disk._folder.Dispose();
        throw new CannotRunException($"no file system can be mounted: {output.Trim()}");
    }

    /// <summary>Not a byte is left.</summary>
    public void Fill()
    {
        using var filler = new FileStream(Filler, FileMode.Append, FileAccess.Write, FileShare.Read, 1);
        for (var piece = 64 * 1024; piece > 0;)
        {
            try
            {
                filler.Write(new byte[piece]);
            }
            catch (IOException)
            {
                piece /= 4;
            }
        }
    }

    public void Empty() => File.Delete(Filler);

    public async ValueTask DisposeAsync()
    {
        await ChildProcess.RunAsync("umount", ["--lazy", Path], TimeSpan.FromSeconds(10));
        _folder.Dispose();
    }
}
