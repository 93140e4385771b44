using System.Buffers.Binary;
using System.IO.Compression;
using ErrorPipeline.Shared.Storage;

namespace ErrorPipeline.Web.SourceMaps.Bundles;

/// <summary>
/// A zip from outside, read in memory only: nothing of it becomes the name of a file. The directory's size is checked before it is
/// read, a file's size while it is unpacked, so that neither can fill the memory. Throws <see cref="ArtifactRefusedException"/>.
/// </summary>
internal sealed class BundleZip : IDisposable
{
    private const int LargestDirectory = 8 * 1024 * 1024;
    private const int EndRecord = 22;
    private const int LongestComment = 65_535;

    private readonly ZipArchive _zip;
    private readonly Dictionary<string, ZipArchiveEntry> _entries = new(StringComparer.Ordinal);
    private readonly long _mostBytes;
    private long _read;

    /// <param name="mostBytes">All files together, unpacked.</param>
    public BundleZip(Stream file, long mostBytes)
    {
        _mostBytes = mostBytes;
        CheckDirectory(file);
        try
        {
            _zip = new(file, ZipArchiveMode.Read, leaveOpen: true);
            foreach (var entry in _zip.Entries)
                _entries.TryAdd(entry.FullName, entry);
        }
        catch (InvalidDataException)
        {
            _zip?.Dispose();
            throw Damaged();
        }
    }

    public byte[] Read(string path, int atMost)
    {
        if (!_entries.TryGetValue(path, out var entry))
            throw new ArtifactRefusedException(path == "manifest.json" ? "The bundle has no manifest.json." : $"The bundle's manifest names {Shown(path)}, which is not in the bundle.");
        var limit = (int)Math.Min(atMost, _mostBytes - _read);
        if (entry.Length > limit)
            throw TooLarge(path, atMost);
        try
        {
            using var from = entry.Open();
            var content = new byte[entry.Length];
            var length = from.ReadAtLeast(content, content.Length, throwOnEndOfStream: false);
            if (length != content.Length || from.ReadByte() >= 0)
                throw Damaged();
            _read += length;
            return content;
        }
        catch (InvalidDataException)
        {
            throw Damaged();
        }
    }

    public void Dispose() => _zip.Dispose();

    /// <summary>The reader of the framework takes as many entries as it finds, whatever the end record says: so the record must be right and small.</summary>
    private static void CheckDirectory(Stream file)
    {
        var tail = new byte[(int)Math.Min(file.Length, EndRecord + LongestComment)];
        file.Position = file.Length - tail.Length;
        file.ReadExactly(tail);
        var at = tail.AsSpan().LastIndexOf("PK\u0005\u0006"u8);
        if (at < 0 || tail.Length - at < EndRecord)
            throw new ArtifactRefusedException("The uploaded file is no bundle: it is not a zip.");
        var end = tail.AsSpan(at);
        var (size, offset) = (BinaryPrimitives.ReadUInt32LittleEndian(end[12..]), BinaryPrimitives.ReadUInt32LittleEndian(end[16..]));
        if (size > LargestDirectory)
            throw new ArtifactRefusedException($"The bundle has too many files: at most {BundleManifest.MostFiles}.");
        if (offset + (long)size != file.Length - tail.Length + at)
            throw Damaged();
    }

    private ArtifactRefusedException TooLarge(string path, int atMost) => new(_mostBytes - _read < atMost
        ? $"The bundle holds more than {_mostBytes / (1024 * 1024)} MB: upload it in parts."
        : $"{Shown(path)} is larger than {atMost / (1024 * 1024)} MB.");

    private static string Shown(string path) => path.Length <= 200 ? path : path[..200] + "…";

    private static ArtifactRefusedException Damaged() => new("The bundle is damaged: its zip cannot be read.");
}
