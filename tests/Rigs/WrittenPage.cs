namespace ErrorPipeline.Rigs;

/// <summary>A page of the docs of which a program writes a part, between two comments.</summary>
public static class WrittenPage
{
    /// <summary>Replaces what an earlier run wrote, and leaves the rest of the page alone.</summary>
    public static void Write(string page, string begin, string text, string end)
    {
        var old = File.ReadAllText(page);
        var (from, to) = (old.IndexOf(begin, StringComparison.Ordinal), old.IndexOf(end, StringComparison.Ordinal));
        if (from < 0 || to < from)
            throw new InvalidOperationException($"{page} has no place for what is written: it belongs between '{begin}' and '{end}'");
        File.WriteAllText(page, $"{old[..(from + begin.Length)]}\n\n{text.TrimEnd()}\n\n{old[to..]}");
    }
}
