using ErrorPipeline.Shared.Storage;

namespace ErrorPipeline.Web.Issues.Searching;

/// <summary>What the people and projects are that a search may name.</summary>
/// <param name="Me">Name of who asks; null where nobody in particular does.</param>
/// <param name="People">Names of the users of this installation.</param>
/// <param name="KeysOf">The keys that a visitor may be counted by whom the site named so.</param>
internal sealed record SearchSurroundings(DateTimeOffset Now, string? Me, IReadOnlyList<string> People, Func<string, IReadOnlyList<string>> KeysOf);

/// <summary>A term that was left out of a search, and why.</summary>
public sealed record SearchProblem(string Says, int Start, int Length);

/// <summary>What terms ask of the store. What it does not understand it leaves out and says so: it never fails.</summary>
internal sealed class SearchReader(SearchSurroundings around)
{
    private readonly List<SearchProblem> _problems = [];
    private readonly List<string> _words = [];
    private readonly List<IssueTerm> _terms = [];
    private readonly HashSet<IssueState> _states = [IssueState.Open, IssueState.Resolved, IssueState.Ignored];
    private readonly HashSet<string> _once = [];
    private IssueQuery _query = new() { NowHour = 0 };

    public IReadOnlyList<SearchProblem> Problems => _problems;

    /// <summary>The search says which states it means, and so nothing else does.</summary>
    public bool NamesStates { get; private set; }

    /// <summary>It asks for a user.</summary>
    public bool NamesVisitor { get; private set; }

    /// <summary>False where it asks for states that no issue can have together.</summary>
    public bool CanMatch => _states.Count > 0;

    /// <summary>The query with all that the terms ask for beyond it.</summary>
    public IssueQuery Read(IReadOnlyList<SearchTerm> terms, IssueQuery query)
    {
        _query = query;
        foreach (var term in terms)
            Read(term);
        if (NamesStates)
            _query = _query with
            {
                State = _states.Count == 1 ? _states.Single() : null,
                NotState = _states.Count == 2 ? Enum.GetValues<IssueState>().Single(state => !_states.Contains(state)) : null,
            };
        return _query with { Text = _words.Count == 0 ? null : string.Join(' ', _words), Terms = _terms };
    }

    private void Read(SearchTerm term)
    {
        if (term.Key is null)
        {
            ReadWords(term);
            return;
        }

        if (SearchKeys.Find(term.Key) is not { } key)
            ReadUnknown(term);
        else if (term.Value.Length == 0)
            Problem(term, $"“{term.Key}:” wants a value, as in {key.Example}.");
        else if (key.Dimension is { } dimension)
            ReadDimension(term, dimension);
        else
            ReadKnown(term, key);
    }

    private void ReadWords(SearchTerm term)
    {
        if (term.Value.Length == 0)
            return;
        // The last word that is typed may be a beginning; in quotes every word is whole.
        if (term.Not || term.Quoted)
            _terms.Add(new(IssueTerm.Text, term.Value, Not: term.Not));
        else
            _words.Add(term.Value);
    }

    /// <summary>Somebody may look for a message that has a colon in it: then it is words like any other.</summary>
    private void ReadUnknown(SearchTerm term)
    {
        var near = SearchKeys.Near(term.Key!, SearchKeys.All.Select(key => key.Name));
        if (near is not null || term.Value.Length > 0)
            Problem(term, $"There is no key “{term.Key}”: {(near is null ? "it" : $"did you mean {near}? It")} was looked for as words.");
        ReadWords(term with { Key = null, Value = $"{term.Key} {term.Value}", Quoted = term.Quoted });
    }

    private void ReadDimension(SearchTerm term, string dimension)
    {
        var (value, beginning) = term is { Quoted: false } && term.Value.EndsWith('*') ? (term.Value.TrimEnd('*'), true) : (term.Value, false);
        if (!term.Quoted && value.Contains('*', StringComparison.Ordinal))
            Problem(term, $"“{term}”: a star stands for any end, so it can only be the last character.");
        else if (value.Length == 0)
            Problem(term, $"“{term}” is true of all: put something before the star.");
        else
            _terms.Add(new(dimension, value, beginning, term.Not));
    }

    private void ReadKnown(SearchTerm term, SearchKey key)
    {
        var value = term.Value;
        if (key.Values.Count > 0 && !key.Values.Contains(value, StringComparer.OrdinalIgnoreCase))
        {
            var near = SearchKeys.Near(value, key.Values);
            Problem(term, $"“{key.Name}:” knows no “{value}”{(near is null ? "" : $": did you mean {key.Name}:{near}?")} It takes {string.Join(", ", key.Values)}.");
            return;
        }

        switch (key.Name)
        {
            case "is":
                ReadIs(term.Not, value.ToLowerInvariant());
                break;
            case "assigned":
                ReadAssigned(term);
                break;
            case "level":
                Set(term, query => term.Not ? query with { NotLevel = value.ToLowerInvariant() } : query with { Level = value.ToLowerInvariant() });
                break;
            case "class":
                Set(term, query => term.Not ? query with { NotClass = value.ToLowerInvariant() } : query with { Class = value.ToLowerInvariant() });
                break;
            case "user":
                ReadVisitor(term);
                break;
            case "age":
                Range(term, Amounts.Ago(value, around.Now), "age:<7d", range => _query with { FirstSeen = Amounts.Both(_query.FirstSeen, range) });
                break;
            case "seen":
                Range(term, Amounts.Ago(value, around.Now), "seen:<24h", range => _query with { LastSeen = Amounts.Both(_query.LastSeen, range) });
                break;
            case "count":
                Range(term, Amounts.Number(value), "count:>100", range => _query with { Count = Amounts.Both(_query.Count, range) });
                break;
            default:
                Range(term, Amounts.Number(value), "users:>10", range => _query with { Users = Amounts.Both(_query.Users, range) });
                break;
        }
    }

    private void ReadIs(bool not, string what)
    {
        switch (what)
        {
            case "open" or "resolved" or "ignored":
                NamesStates = true;
                var state = what switch { "open" => IssueState.Open, "resolved" => IssueState.Resolved, _ => IssueState.Ignored };
                if (not)
                    _states.Remove(state);
                else
                    _states.IntersectWith([state]);
                break;
            case "draining":
                // What drains is resolved: the list of open ones would have none.
                NamesStates |= !not;
                _query = _query with { Draining = !not };
                break;
            case "regressed":
                _query = _query with { Regressed = !not };
                break;
            case "new":
                var yesterday = around.Now.AddDays(-1).ToUnixTimeMilliseconds();
                _query = _query with { FirstSeen = Amounts.Both(_query.FirstSeen, not ? new(null, yesterday - 1) : new(yesterday)) };
                break;
            default:
                _query = _query with { Assigned = (what == "assigned") != not };
                break;
        }
    }

    private void ReadAssigned(SearchTerm term)
    {
        var name = term.Value;
        IReadOnlyList<string> meant = name switch
        {
            "me" when around.Me is { } me => [me],
            _ when around.People.Contains(name, StringComparer.OrdinalIgnoreCase) => [.. around.People.Where(known => known.Equals(name, StringComparison.OrdinalIgnoreCase))],
            _ => [.. around.People.Where(known => known.StartsWith(name, StringComparison.OrdinalIgnoreCase))],
        };
        if (meant.Count == 0)
            Problem(term, $"Nobody here is called “{name}”{(SearchKeys.Near(name, around.People.Select(known => known.Split('@')[0])) is { } near ? $": did you mean {near}?" : ".")}");
        else if (term.Not && meant.Count > 1)
            Problem(term, $"“{name}” may be {string.Join(" or ", meant.Take(3))}: say which.");
        else
            Set(term, query => term.Not ? query with { NotAssignee = meant[0] } : query with { Assignees = meant });
    }

    private void ReadVisitor(SearchTerm term)
    {
        NamesVisitor = true;
        if (term.Not)
            Problem(term, "“-user:” cannot be asked: most issues were met by others.");
        else
            Set(term, query => query with { MetBy = around.KeysOf(term.Value) });
    }

    private void Range(SearchTerm term, Between? range, string example, Func<Between, IssueQuery> with)
    {
        if (term.Not)
            Problem(term, $"“{term}”: turn the sign round instead of the minus, as in {example}.");
        else if (range is null)
            Problem(term, $"“{term}” is not understood: it takes a {(example.Contains('d', StringComparison.Ordinal) || example.EndsWith('h') ? "time in m, h, d, w or y" : "number")}, as in {example}.");
        else
            _query = with(range);
    }

    private void Set(SearchTerm term, Func<IssueQuery, IssueQuery> with)
    {
        if (_once.Add(term.Key!))
            _query = with(_query);
        else
            Problem(term, $"“{term.Key}:” can stand only once.");
    }

    private void Problem(SearchTerm term, string says) => _problems.Add(new(says, term.Start, term.Length));
}
