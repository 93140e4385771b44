using System.Text;

namespace ErrorPipeline.Faults.Suite;

/// <summary>The table of results, for a terminal and for docs/delivery.md.</summary>
internal static class Summary
{
    public const string Begin = "<!-- made by ./dev faults -->";
    public const string End = "<!-- end of what ./dev faults made -->";

    public static string Markdown(IReadOnlyList<FaultRow> rows, Length length)
    {
        var text = new StringBuilder(length == Length.Short ? "Every case in its short form (`./dev faults --short`).\n\n" : "")
            .Append("| | case | seed | accepted | stored | lost | doubled | flagged | recovery | seen as, after |\n")
            .Append("|---|---|---|---|---|---|---|---|---|---|\n");
        foreach (var row in rows)
        {
            var v = row.Verdict;
            text.Append($"| {row.Case.Number} | {row.Case.What}{(row.Skipped is { } why ? $" (not run: {why})" : row.Passed ? "" : " **FAILED**")} | {row.Seed} | {v?.Accepted} | {v?.Stored} | {v?.Lost} | {v?.Doubled} | ")
                .Append($"{(row.Flagged > 0 ? "yes" : row.MayDouble ? "no" : "")} | {(row.Recovery is { } r ? $"{r.TotalSeconds:0.0} s" : "")} | ")
                .Append(string.Join("; ", row.Signs.Select(s => $"{s.What}, {(s.After is { } after ? $"{after.TotalSeconds:0.0} s" : "never")}")))
                .Append(" |\n");
        }

        return text.ToString();
    }

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
