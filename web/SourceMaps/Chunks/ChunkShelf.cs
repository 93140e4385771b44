using System.IO.Compression;
using System.Security.Cryptography;
using ErrorPipeline.Shared.Storage;

namespace ErrorPipeline.Web.SourceMaps.Chunks;

/// <summary>
/// Parts of uploads in progress, as files named by their SHA-1 (the protocol's choice; it only tells parts apart), kept for some hours. Each
/// caller has a shelf of his own: knowing the hash of somebody's part gets nobody its content.
/// </summary>
internal sealed class ChunkShelf(string folder, long mostBytes, TimeProvider clock)
{
    public const int ChunkBytes = 8 * 1024 * 1024;
    private const int MostChunks = 20_000;
    private const int HashLength = 40;
    private static readonly TimeSpan Kept = TimeSpan.FromHours(3);

    public static bool IsHash(string? text) => text is { Length: HashLength } && text.All(char.IsAsciiHexDigitLower);

    /// <summary>Makes room; false where there is too little.</summary>
    public bool HasRoomFor(long bytes)
    {
        if (!Directory.Exists(folder))
            return bytes <= mostBytes;
        var files = new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).ToList();
        var oldest = (clock.GetUtcNow() - Kept).UtcDateTime;
        foreach (var old in files.Where(file => file.LastWriteTimeUtc < oldest))
            old.Delete();
        files.RemoveAll(file => file.LastWriteTimeUtc < oldest);
        return files.Count < MostChunks && files.Sum(file => file.Exists ? file.Length : 0) + bytes <= mostBytes;
    }

    public bool Has(string caller, string hash) => File.Exists(PathOf(caller, hash));

    /// <summary>Keeps a part. Throws <see cref="ArtifactRefusedException"/> where it is not what its hash says.</summary>
    public async Task PutAsync(string caller, string hash, Stream content, bool gzip, CancellationToken cancel)
    {
        await using var unpacked = gzip ? new GZipStream(content, CompressionMode.Decompress) : content;
        var path = PathOf(caller, hash);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var temporary = $"{path}.{Guid.NewGuid():n}";
        try
        {
            await using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.ReadWrite))
            {
                await CopyAsync(unpacked, file, cancel);
                file.Position = 0;
                if (Convert.ToHexStringLower(await SHA1.HashDataAsync(file, cancel)) != hash)
                    throw new ArtifactRefusedException($"A part of the upload does not have the SHA-1 {hash} that it is named by: it was damaged on its way.");
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch (InvalidDataException e)
        {
            throw new ArtifactRefusedException("A part of the upload is not valid gzip: it was damaged on its way.", e);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>The whole of the parts, as a file that goes when it is closed. Throws <see cref="ArtifactRefusedException"/> where it is not what its hash says.</summary>
    public async Task<FileStream> JoinAsync(string caller, IReadOnlyList<string> chunks, string hash, CancellationToken cancel)
    {
        var whole = new FileStream($"{PathOf(caller, hash)}.{Guid.NewGuid():n}", FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 81_920, FileOptions.DeleteOnClose);
        try
        {
            foreach (var chunk in chunks)
            {
                await using var part = File.OpenRead(PathOf(caller, chunk));
                await part.CopyToAsync(whole, cancel);
            }

            whole.Position = 0;
            if (Convert.ToHexStringLower(await SHA1.HashDataAsync(whole, cancel)) != hash)
                throw new ArtifactRefusedException("The parts of the upload do not make the whole that they were announced as: upload again.");
            whole.Position = 0;
            return whole;
        }
        catch
        {
            await whole.DisposeAsync();
            throw;
        }
    }

    private static async Task CopyAsync(Stream from, FileStream to, CancellationToken cancel)
    {
        var buffer = new byte[81_920];
        long length = 0;
        while (await from.ReadAsync(buffer, cancel) is > 0 and var read)
        {
            if ((length += read) > ChunkBytes)
                throw new ArtifactRefusedException($"A part of the upload is larger than {ChunkBytes / (1024 * 1024)} MB.");
            await to.WriteAsync(buffer.AsMemory(0, read), cancel);
        }
    }

    /// <summary>Callers and hashes are digits and letters of ours; nothing from outside becomes a path.</summary>
    private string PathOf(string caller, string hash) => IsHash(hash)
        ? Path.Combine(folder, caller == SigningIn.UploadTokens.AllProjects ? "all" : caller, hash)
        : throw new ArgumentException("not a hash", nameof(hash));
}
