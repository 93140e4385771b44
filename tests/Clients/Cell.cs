namespace ErrorPipeline.Clients;

/// <summary>One client in one case.</summary>
/// <param name="IsTold">False where the client sends nothing.</param>
/// <param name="Missing">Facts that the client does not tell, with its reasons.</param>
/// <param name="Problems">What is wrong: with us, or with what we say of the client.</param>
internal sealed record Cell(bool IsTold, IReadOnlyList<(string Fact, string Why)> Missing, IReadOnlyList<string> Problems)
{
    public static bool IsOf(Seen seen, Case @case) =>
        seen.Issue.Title.Contains(@case.Title, StringComparison.Ordinal) && seen.Event.Occurrence.Page?.EndsWith("/" + @case.Name, StringComparison.Ordinal) != false;

    public static Cell Of(Run run, Client client, Case @case)
    {
        var told = Run.Told(client, @case.Name);
        var matches = run.Seen(client.Name).Where(seen => IsOf(seen, @case)).ToList();
        var here = $"{client.Name} {@case.Name}: ";
        if (Cannot.Of(client.Name, @case.Name, Cannot.Event) is { } silent)
            return new(false, [(Cannot.Event, silent)], matches.Count > 0 || told.Requests.Any(r => client.IsEvent(r) && r.Text.Contains(@case.Title)) ? [here + "it is sent after all"] : []);
        // Whatever came must be counted; whether anything comes is chance.
        if (Cannot.Of(client.Name, @case.Name, Cannot.Luck) is { } luck)
            return new(false, [(Cannot.Luck, luck)], matches.Count <= 1 && matches.Sum(m => m.Issue.Count) == told.Events ? [] : [$"{here}{told.Events} sent, {matches.Count} issues"]);
        if (matches.Count != 1)
            return new(true, [], [$"{here}{matches.Count} issues; titles: {string.Join(" / ", run.Seen(client.Name).Select(s => s.Issue.Title[..Math.Min(70, s.Issue.Title.Length)]))}\n   wire: {string.Join("\n   ", told.Requests.Select(r => $"{r.Method} {r.Path[..Math.Min(60, r.Path.Length)]} {r.Status} {r.Text[..Math.Min(600, r.Text.Length)]}"))}"]);

        var (missing, problems) = (new List<(string, string)>(), new List<string>());
        foreach (var fact in @case.Name == Cases.Loop ? @case.Facts : Cases.Always.Concat(@case.Facts))
        {
            var holds = fact.Holds(matches[0], told);
            var why = Cannot.Of(client.Name, @case.Name, fact.Name);
            if (why is not null)
                missing.Add((fact.Name, why));
            if (holds && why is not null)
                problems.Add($"{here}{fact.Name} is told after all");
            else if (why is not null && fact.Marker is not null && told.Says(@case.Title, fact.Marker))
                problems.Add($"{here}{fact.Name} was on the wire ({fact.Marker})");
            else if (!holds && why is null)
                problems.Add($"{here}{fact.Name} is wrong: {matches[0].Event} | {matches[0].Event.Error} | {string.Join("; ", matches[0].Event.Error.Frames.Take(4))} | tags {string.Join(',', matches[0].Event.Context.Tags)} | causes {string.Join(',', matches[0].Event.Error.Causes.Select(c => c.Type + ": " + c.Message))} | crumbs {string.Join(',', matches[0].Event.Context.Breadcrumbs)}".ReplaceLineEndings(" "));
        }

        return new(true, missing, problems);
    }
}
