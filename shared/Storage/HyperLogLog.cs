using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace ErrorPipeline.Shared.Storage;

/// <summary>
/// Estimates the number of distinct strings in 16 KB: P. Flajolet, É. Fusy, O. Gandouet, F. Meunier, "HyperLogLog: the analysis
/// of a near-optimal cardinality estimation algorithm" (2007), with 2^14 registers (standard error 0.81%) and a 64-bit hash. The
/// estimator is that of O. Ertl, "New cardinality estimation algorithms for HyperLogLog sketches" (2017), section 2.2: the
/// original one is 3% too high around 40,000, where it changes from linear counting.
/// Adding is a maximum: repeating it, or joining in any order, changes nothing.
/// </summary>
internal sealed class HyperLogLog
{
    private const int Precision = 14;
    private const int Size = 1 << Precision;
    private const int LargestRank = 64 - Precision + 1;

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
        Span<int> counts = stackalloc int[LargestRank + 1];
        foreach (var register in Registers)
            counts[Math.Min((int)register, LargestRank)]++;

        var z = Size * Tau(1 - ((double)counts[LargestRank] / Size));
        for (var rank = LargestRank - 1; rank >= 1; rank--)
            z = 0.5 * (z + counts[rank]);
        z += Size * Sigma((double)counts[0] / Size);
        return (long)Math.Round(Size / (2 * Math.Log(2)) * Size / z);
    }

    /// <summary>What the registers that are still empty add: x + sum of x^(2^k) 2^(k-1).</summary>
    private static double Sigma(double x)
    {
        if (x >= 1)
            return double.PositiveInfinity;
        var (sum, before, weight) = (x, -1.0, 1.0);
        while (sum != before)
        {
            x *= x;
            before = sum;
            sum += x * weight;
            weight += weight;
        }

        return sum;
    }

    /// <summary>What the registers that are full add.</summary>
    private static double Tau(double x)
    {
        if (x is <= 0 or >= 1)
            return 0;
        var (sum, before, weight) = (1 - x, -1.0, 1.0);
        while (sum != before)
        {
            x = Math.Sqrt(x);
            before = sum;
            weight *= 0.5;
            sum -= (1 - x) * (1 - x) * weight;
        }

        return sum / 3;
    }
}
