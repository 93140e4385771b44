using System.Numerics;

namespace ErrorPipeline.Shared.SourceMaps;

/// <summary>
/// What segments point at, one 64-bit word each: source, line, column and name in as many bits as the largest of this
/// map needs. Two words each where a map is too large for one.
/// </summary>
internal sealed class PackedOriginals
{
    private readonly ulong[] _words;
    private readonly bool _wide;
    private readonly int _columnBits;
    private readonly int _lineBits;
    private readonly int _nameBits;

    public PackedOriginals(SegmentBuffer from)
    {
        var count = from.Count;
        _columnBits = Bits(from.OriginalColumn, count, 0);
        _lineBits = Bits(from.Line, count, 0);
        _nameBits = Bits(from.Name, count, 1);
        var sourceBits = Bits(from.Source, count, 1);
        _wide = _columnBits + _lineBits + _nameBits + sourceBits > 64;
        _words = GC.AllocateUninitializedArray<ulong>(_wide ? count * 2 : count);
        for (var i = 0; i < count; i++)
        {
            var place = ((ulong)(uint)from.Line[i] << _columnBits) | (uint)from.OriginalColumn[i];
            var target = ((ulong)(uint)(from.Source[i] + 1) << _nameBits) | (uint)(from.Name[i] + 1);
            if (_wide)
                (_words[i * 2], _words[i * 2 + 1]) = (place, target);
            else
                _words[i] = (target << (_columnBits + _lineBits)) | place;
        }
    }

    public int Bytes => _words.Length * sizeof(ulong);

    /// <summary>Source and name are -1 where there is none.</summary>
    public void Read(int segment, out int source, out int line, out int column, out int name)
    {
        var place = _wide ? _words[segment * 2] : _words[segment];
        var target = _wide ? _words[segment * 2 + 1] : place >> (_columnBits + _lineBits);
        column = (int)(place & Mask(_columnBits));
        line = (int)((place >> _columnBits) & Mask(_lineBits));
        name = (int)(target & Mask(_nameBits)) - 1;
        source = (int)(target >> _nameBits) - 1;
    }

    private static ulong Mask(int bits) => (1UL << bits) - 1;

    private static int Bits(int[] values, int count, int plus)
    {
        var all = 0u;
        foreach (var value in values.AsSpan(0, count))
            all |= (uint)(value + plus);
        // Never 0, so that no shift reaches the width of a word.
        return Math.Max(1, 32 - BitOperations.LeadingZeroCount(all));
    }
}
