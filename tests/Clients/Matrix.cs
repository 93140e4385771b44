using System.Text;
using System.Text.Json;
using ErrorPipeline.Rigs;

namespace ErrorPipeline.Clients;

/// <summary>docs/clients.md: every client in every case. The same on every run.</summary>
internal static class Matrix
{
    public static string Path { get; } = System.IO.Path.Combine(Places.Root, "docs", "clients.md");

    public static string Of(Run run)
    {
        var notes = new List<string>();
        var text = new StringBuilder("""
            # What each client tells

            Made by `tests/Clients`, which bundles the clients' own npm packages with a small shop, opens its pages in Chromium against a running pipeline, and compares what the
            dashboard's JSON says with what each page did. Written anew by running that test with `ERRORPIPELINE_CLIENTS_DOC=1`; it fails where this page is not current. Clients have their
            default options, beside address, key and what a site tells of itself (release, environment, user).

            **yes**: type, message, frames, causes, handled, level, breadcrumbs, release, environment, user, tags, extra data, address, browser, time, event id, debug id and fingerprint, as far as the case
            has them, are on the dashboard. A number behind it names a note: what the client itself does not tell. The test looks at the client's requests for it, and fails where it is told
            after all. **no**: nothing is sent, for the reason of the note.


            """.ReplaceLineEndings("\n"));
        text.Append("| case | ").AppendJoin(" | ", RealClients.All.Select(Name)).Append(" |\n|---|").Append(string.Concat(RealClients.All.Select(_ => "---|"))).Append('\n');
        foreach (var @case in Cases.All)
            text.Append($"| {@case.Words} | ").AppendJoin(" | ", RealClients.All.Select(client => Of(Cell.Of(run, client, @case), notes))).Append(" |\n");
        text.Append("\nNotes:\n\n");
        for (var i = 0; i < notes.Count; i++)
            text.Append($"{i + 1}. {notes[i]}\n");
        return text.ToString();
    }

    private static string Of(Cell cell, List<string> notes)
    {
        var numbers = cell.Missing.Select(m => m.Fact is Cannot.Event or Cannot.Luck ? m.Why : $"{(m.Fact.StartsWith("breadcrumb: ", StringComparison.Ordinal) && m.Why.StartsWith("it sends no", StringComparison.Ordinal) ? "breadcrumbs" : m.Fact)}: {m.Why}")
            .Distinct().Select(note => Number(note, notes)).Order();
        return $"{(cell.IsTold ? "yes" : cell.Missing is [(Cannot.Luck, _)] ? "mostly no" : "no")} {string.Join(", ", numbers)}".TrimEnd();
    }

    private static int Number(string note, List<string> notes)
    {
        if (!notes.Contains(note))
            notes.Add(note);
        return notes.IndexOf(note) + 1;
    }

    /// <summary>With the version that is installed.</summary>
    private static string Name(Client client)
    {
        if (client.Package is null)
            return client.Words;
        var package = System.IO.Path.Combine(Places.Root, "tests", "Clients", "node_modules", client.Package, "package.json");
        using var json = JsonDocument.Parse(File.ReadAllText(package));
        return $"{client.Words} {json.RootElement.GetProperty("version").GetString()}";
    }
}
