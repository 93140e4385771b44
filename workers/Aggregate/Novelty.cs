using System.Security.Cryptography;
using System.Text;
using ErrorPipeline.Shared.Contracts;

namespace ErrorPipeline.Workers.Aggregate;

/// <summary>The novelty keys of one record: browser, release, page and stack, hashed. The stack is read once for all occurrences.</summary>
internal sealed class Novelty(NormalizedError error)
{
    private readonly string _shared = Describe(error);
    private readonly Dictionary<(string? Browser, string? Page), string> _keys = [];

    public string KeyOf(NormalizedOccurrence occurrence)
    {
        var own = (occurrence.Browser, occurrence.Page);
        if (!_keys.TryGetValue(own, out var key))
            _keys[own] = key = Hash($"{_shared}\n{own.Browser}\n{own.Page}");
        return key;
    }

    private static string Describe(NormalizedError error)
    {
        var text = new StringBuilder(error.Context.Release);
        for (var level = error.Error; ;)
        {
            text.Append('\n').Append(level.Type);
            foreach (var frame in level.Frames)
                text.Append('\n').Append(frame.Function).Append('@').Append(frame.File).Append(':').Append(frame.Line).Append(':').Append(frame.Column);
            if (level.Causes.Count == 0)
                return Hash(text.ToString());
            level = level.Causes[0];
        }
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 8));
}
