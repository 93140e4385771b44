namespace ErrorPipeline.Rigs;

/// <summary>Bytes damaged at random: cut off, torn out, doubled, filled with junk, flipped.</summary>
public static class Mutations
{
    public static readonly TimeSpan Hang = TimeSpan.FromSeconds(5);

    public static byte[] Of(byte[] body, Random random)
    {
        for (var times = random.Next(1, 4); times > 0; times--)
            body = Damaged(body, random);
        return body;
    }

    public static byte[] Damaged(byte[] body, Random random)
    {
        if (body.Length < 2)
            return [(byte)random.Next(256), .. body];
        var at = random.Next(body.Length);
        var length = random.Next(Math.Min(40, body.Length - at));
        switch (random.Next(5))
        {
            case 0: return body[..at];
            case 1: return [.. body.AsSpan(0, at), .. body.AsSpan(at + length)];
            case 2: return [.. body.AsSpan(0, at), .. body.AsSpan(at, length), .. body.AsSpan(at)];
            case 3:
                var junk = new byte[length];
                random.NextBytes(junk);
                return [.. body.AsSpan(0, at), .. junk, .. body.AsSpan(at)];
            default:
                var flipped = body.ToArray();
                flipped[at] = (byte)random.Next(256);
                return flipped;
        }
    }
}
