using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace ErrorPipeline.Shared.Storage.Sqlite;

/// <summary>
/// Estimates the number of distinct strings in 16 KB: P. Flajolet, É. Fusy, O. Gandouet, F. Meunier, "HyperLogLog: the analysis
/// of a near-optimal cardinality estimation algorithm" (2007), with 2^14 registers (standard error 0.81%), a 64-bit hash (so
/// that no correction for large ranges is needed) and the paper's linear counting for small ranges.
/// Adding is a maximum: repeating it, or joining in any order, changes nothing.
/// </summary>
internal sealed class HyperLogLog
{
    private const int Precision = 14;
    private const int Size = 1 << Precision;

    public HyperLogLog() => Registers = new byte[Size];

    /// <summary>Takes over what <see cref="Registers"/> gave.</summary>
    public HyperLogLog(byte[] registers)
        => Registers = registers.Length == Size ? registers : throw new ArgumentException($"{registers.Length} registers, {Size} expected", nameof(registers));

    public byte[] Registers { get; }

    public void Add(string value)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(value), digest);
        var hash = BinaryPrimitives.ReadUInt64LittleEndian(digest);
        var register = (int)(hash >> (64 - Precision));
        // The lowest bit stands in as a stop, so that an all-zero rest has a rank too.
        var rank = (byte)(BitOperations.LeadingZeroCount((hash << Precision) | (1UL << (Precision - 1))) + 1);
        if (Registers[register] < rank)
            Registers[register] = rank;
    }

    public void Join(HyperLogLog other)
    {
        for (var i = 0; i < Size; i++)
            Registers[i] = Math.Max(Registers[i], other.Registers[i]);
    }

    public long Estimate()
    {
        var sum = 0.0;
        var zeros = 0;
        foreach (var register in Registers)
        {
            sum += Math.ScaleB(1, -register);
            zeros += register == 0 ? 1 : 0;
        }

        const double Alpha = 0.7213 / (1 + (1.079 / Size));
        var raw = Alpha * Size * Size / sum;
        return (long)Math.Round(raw <= 2.5 * Size && zeros > 0 ? Size * Math.Log((double)Size / zeros) : raw);
    }
}
