using System.Text;

namespace ErrorPipeline.Faults.Suite;

/// <summary>The table of results, for a terminal and for docs/delivery.md.</summary>
internal static class Summary
{
    public const string Begin = "<!-- made by ./dev faults -->";
    public const string End = "<!-- end of what ./dev faults made -->";

    /// <param name="rows">Of this run.</param>
    /// <param name="before">What the page says already: the rows of other cases are taken over.</param>
    public static string Markdown(IReadOnlyList<FaultRow> rows, string before)
    {
        var lines = rows.Select(row => (row.Case, row.Seed, Line: Line(row))).ToList();
        lines.AddRange(before.Split('\n').Select(Known).OfType<(FaultCase Case, int Seed, string Line)>().Where(old => !rows.Any(row => row.Case == old.Case && row.Seed == old.Seed)));
        return "| | case | seed | accepted | stored | lost | doubled | flagged | recovery | seen as, after |\n|---|---|---|---|---|---|---|---|---|---|\n"
            + string.Join('\n', lines.OrderBy(line => line.Case.Number).ThenBy(line => Catalogue.All.IndexOf(line.Case)).ThenBy(line => line.Seed).Select(line => line.Line));
    }

    private static string Line(FaultRow row)
    {
        var v = row.Verdict;
        return $"{Start(row.Case)}{(row.Skipped is { } why ? $" (not run: {why})" : row.Passed ? "" : " **FAILED**")} | {row.Seed} | {v?.Accepted} | {v?.Stored} | {v?.Lost} | {v?.Doubled} | "
            + $"{(row.Flagged > 0 ? "yes" : row.MayDouble ? "no" : "")} | {(row.Recovery is { } r ? $"{r.TotalSeconds:0.0} s" : "")} | "
            + $"{string.Join("; ", row.Signs.Select(s => $"{s.What}, {(s.After is { } after ? $"{after.TotalSeconds:0.0} s" : "never")}"))} |";
    }

    private static string Start(FaultCase one) => $"| {one.Number} | {one.What}";

    private static (FaultCase Case, int Seed, string Line)? Known(string line) =>
        Catalogue.All.FirstOrDefault(one => line.StartsWith(Start(one), StringComparison.Ordinal)) is { } one && int.TryParse(line.Split('|')[3], out var seed) ? (one, seed, line) : null;

    public static string Text(IReadOnlyList<FaultRow> rows)
    {
        var text = new StringBuilder($"\n{"",2} {"case",-26} {"seed",4} {"accepted",9} {"stored",8} {"lost",5} {"doubled",7} {"flagged",7} {"recovery",8} {"took",6}\n");
        foreach (var row in rows)
        {
            var v = row.Verdict;
            text.Append($"{row.Case.Number,2} {row.Case.Name,-26} {row.Seed,4} {v?.Accepted,9} {v?.Stored,8} {v?.Lost,5} {v?.Doubled,7} {(row.Flagged > 0 ? "yes" : ""),7} ")
                .Append($"{(row.Recovery is { } r ? $"{r.TotalSeconds:0.0} s" : ""),8} {row.Took.TotalSeconds,4:0} s {(row.Passed ? "" : row.Skipped is null ? "FAILED" : "skipped")}\n");
            foreach (var sign in row.Signs)
                text.Append($"      seen as {sign.What}, {(sign.After is { } after ? $"{after.TotalSeconds:0.0} s" : "never")}\n");
            foreach (var note in row.Notes)
                text.Append($"      {note.ReplaceLineEndings("\n      ")}\n");
            foreach (var failure in row.Failures)
                text.Append($"      FAILED: {failure.ReplaceLineEndings("\n      ")}\n");
            if (row.Skipped is { } why)
                text.Append($"      SKIPPED: {why}\n");
        }

        return text.ToString();
    }
}
