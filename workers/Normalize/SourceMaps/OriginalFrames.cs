using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.SourceMaps;
using ErrorPipeline.Workers.Normalize.Fingerprints;
using ErrorPipeline.Workers.Normalize.Scrubbing;

namespace ErrorPipeline.Workers.Normalize.SourceMaps;

/// <summary>Frames put back to where they were written, scrubbed like everything else.</summary>
internal static class OriginalFrames
{
    /// <summary>Lines of source are kept for so many frames: nobody reads on, and every sample is stored.</summary>
    private const int FramesWithSource = 25;

    /// <summary>Files that maps may be for, each once; not those of extensions and engines.</summary>
    public static IReadOnlyList<RanFile> Files(ErrorDetail detail) =>
    [
        .. detail.Causes.SelectMany(cause => cause.Frames).Concat(detail.Frames)
            .Where(f => f.File is not null && (f.InApp || Site.HostOf(f.File) is not null)).Select(Ran).Distinct(),
    ];

    /// <summary>Equal for an equal error with equal maps only; null where there is nothing to ask.</summary>
    public static UInt128? Signature(UInt128 parsed, ErrorDetail detail, Func<RanFile, FileMap?> find)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        BinaryPrimitives.WriteUInt128BigEndian(digest, parsed);
        hash.AppendData(digest[..16]);
        var any = false;
        foreach (var file in Files(detail))
        {
            any |= find(file) is not null;
            hash.AppendData(Encoding.UTF8.GetBytes($"{file.Name}\0{find(file)?.Identity}\0"));
        }

        hash.GetHashAndReset(digest);
        return any ? BinaryPrimitives.ReadUInt128BigEndian(digest) : null;
    }

    public static ErrorDetail Of(ErrorDetail detail, Func<RanFile, FileMap?> find, Scrub scrub) => detail with
    {
        Frames = Of(detail.Frames, find, scrub),
        Causes = [.. detail.Causes.Select(cause => cause with { Frames = Of(cause.Frames, find, scrub) })],
    };

    private static List<StackFrame> Of(IReadOnlyList<StackFrame> frames, Func<RanFile, FileMap?> find, Scrub scrub)
    {
        var ran = frames.Where(f => f.File is not null).Select(Ran).DistinctBy(f => f.Name).ToDictionary(f => f.Name, StringComparer.Ordinal);
        var debugIds = new Dictionary<string, Guid>(StringComparer.Ordinal);
        foreach (var file in ran.Values)
        {
            if (find(file)?.DebugId is { } id)
                debugIds[file.Name] = id;
        }

        var withSource = 0;
        return [.. Symbolicator.Symbolicate(frames, (file, _) => find(ran[file])?.Answer ?? default, debugIds)
            .Select(frame => Clean(frame, frame.Context is null || ++withSource <= FramesWithSource, scrub))];
    }

    private static RanFile Ran(StackFrame frame) => new(frame.File!, frame.DebugId);

    private static StackFrame Clean(StackFrame frame, bool keepSource, Scrub scrub)
    {
        // That a foreign script has no map is no news to anyone.
        if (frame.Generated is null)
            return frame.InApp ? frame with { MapProblem = scrub.Text(frame.MapProblem) } : frame with { MapProblem = null };
        return frame with
        {
            Function = scrub.Text(frame.Function),
            File = scrub.Text(OriginalFile.Tidy(frame.File!)),
            Context = keepSource && frame.Context is { } source ? Clean(source, scrub) : null,
        };
    }

    private static FrameContext Clean(FrameContext source, Scrub scrub) =>
        new([.. source.Pre.Select(line => scrub.Text(line))], scrub.Text(source.Line), [.. source.Post.Select(line => scrub.Text(line))]);
}
