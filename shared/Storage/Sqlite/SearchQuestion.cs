namespace ErrorPipeline.Shared.Storage.Sqlite;

/// <summary>What a query asks of the search index, in the language of FTS5. Words hold no character that it could mistake for its own.</summary>
/// <param name="Match">What issues must match; null for any.</param>
/// <param name="NoMatch">What they must not match; null for nothing.</param>
internal sealed record SearchQuestion(string? Match, string? NoMatch)
{
    /// <summary>
    /// The same as <see cref="Match"/>, to be looked for in the text that the words of an issue are kept as: each is there between blanks, and so
    /// is each of these, but for an end that may go on. Null where something is asked for that is not in that text.
    /// </summary>
    public IReadOnlyList<string>? Written { get; init; }

    /// <summary>Null where something is asked for that no issue could have.</summary>
    public static SearchQuestion? Of(IssueQuery query)
    {
        List<string> all = [];
        List<string> none = [];
        List<string> written = [];
        var isWritten = true;
        IEnumerable<IssueTerm> typed = string.IsNullOrWhiteSpace(query.Text) ? [] : [new(IssueTerm.Text, query.Text, Beginning: true)];
        foreach (var term in typed.Concat(query.Terms))
        {
            if (SearchTokens.OfTerm(term) is { Count: > 0 } words)
            {
                (term.Not ? none : all).Add($"({string.Join(" AND ", words.Select(word => $"\"{word}\""))}{(term.Beginning ? "*" : "")})");
                if (term.Not)
                    continue;
                isWritten &= term.Dimension is IssueTerm.Text or IssueTerm.Frame;
                written.AddRange(words.Select((word, n) => term.Beginning && n == words.Count - 1 ? $" {word}" : $" {word} "));
            }
            else if (!term.Not)
            {
                return null;
            }
        }

        return new(all.Count == 0 ? null : string.Join(" AND ", all), none.Count == 0 ? null : string.Join(" OR ", none)) { Written = isWritten && written.Count > 0 ? written : null };
    }
}
