using ErrorPipeline.Faults.Suite;
using ErrorPipeline.Rigs;

namespace ErrorPipeline.Faults.Rigs;

/// <summary>
/// A disk whose power can be cut: an ext4 file system in a file. What the file holds at a moment is what a real disk would hold then;
/// whatever was only written and not synced is not in it. Needs the right to mount.
/// </summary>
internal sealed class LoopDisk : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    // The kernel writes nothing back by itself within the time of a case.
    private const string Options = "loop,commit=300,noatime";
    private readonly TempFolder _folder = new();
    private int _life;

    /// <summary>Leads to the disk, before and after a power cut.</summary>
    public string Path => _folder["disk"];

    private string Image => _folder[$"image-{_life}"];

    private string MountPoint => _folder[$"mount-{_life}"];

    /// <exception cref="CannotRunException">Mounting is not allowed here.</exception>
    public static async Task<LoopDisk> MountAsync(int megabytes)
    {
        var disk = new LoopDisk();
        try
        {
            await using (var image = File.Create(disk.Image))
                image.SetLength((long)megabytes << 20);
            await RunAsync("mkfs.ext4", "-q", "-F", disk.Image);
            await disk.MountAsync();
            // A file system that was just made is on the disk before anything begins.
            await RunAsync("sync", "-f", disk.MountPoint);
            return disk;
        }
        catch
        {
            await disk.DisposeAsync();
            throw;
        }
    }

    /// <summary>From now on the disk holds what had reached it. Nobody may have files of it open.</summary>
    public async Task CutPowerAsync()
    {
        var (before, mount) = (Image, MountPoint);
        _life++;
        File.Copy(before, Image);
        await RunAsync("umount", mount);
        File.Delete(before);
        await MountAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await ChildProcess.RunAsync("umount", ["--lazy", MountPoint], Patience);
        _folder.Dispose();
    }

    private async Task MountAsync()
    {
        Directory.CreateDirectory(MountPoint);
        await RunAsync("mount", "-o", Options, Image, MountPoint);
        File.Delete(Path);
        File.CreateSymbolicLink(Path, MountPoint);
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        var (code, output) = await ChildProcess.RunAsync(program, arguments, Patience);
        if (code != 0)
            throw new CannotRunException($"{program}: {output.Trim()}");
    }
}
