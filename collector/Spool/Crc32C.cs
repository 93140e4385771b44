using System.Numerics;
using System.Runtime.InteropServices;

namespace ErrorPipeline.Collector.Spool;

internal static class Crc32C
{
    /// <summary>Continues <paramref name="crc"/> over <paramref name="data"/>, eight bytes an instruction.</summary>
    public static uint Of(ReadOnlySpan<byte> data, uint crc)
    {
        foreach (var word in MemoryMarshal.Cast<byte, ulong>(data))
            crc = BitOperations.Crc32C(crc, word);
        foreach (var rest in data[(data.Length & ~7)..])
            crc = BitOperations.Crc32C(crc, rest);
        return crc;
    }
}
