using System.Text;
using ErrorPipeline.Shared.Storage.Mongo.Bson;

namespace ErrorPipeline.Shared.Storage.Mongo.Errors;

/// <summary>Which issues a list shows: every value as a value, never as part of a query.</summary>
internal sealed class IssueListFilter
{
    private readonly IssueQuery _query;
    private readonly IReadOnlyList<long>? _only;
    private readonly List<(IReadOnlyList<string> Words, bool Beginning, bool Not)> _terms = [];

    private IssueListFilter(IssueQuery query, IReadOnlyList<long>? only) => (_query, _only) = (query, only);

    /// <summary>Null where something is asked for that no issue could have.</summary>
    /// <param name="query">What is asked.</param>
    /// <param name="only">The issues that it may be; null for any.</param>
    public static IssueListFilter? Of(IssueQuery query, IReadOnlyList<long>? only)
    {
        var filter = new IssueListFilter(query, only);
        IEnumerable<IssueTerm> typed = string.IsNullOrWhiteSpace(query.Text) ? [] : [new(IssueTerm.Text, query.Text, Beginning: true)];
        foreach (var term in typed.Concat(query.Terms))
        {
            if (SearchTokens.OfTerm(term) is { Count: > 0 } words)
                filter._terms.Add((words, term.Beginning, term.Not));
            else if (!term.Not)
                return null;
        }

        return filter;
    }

    public static string Field(IssueSort sort) => sort switch
    {
        IssueSort.LastSeen => "lastSeen",
        IssueSort.FirstSeen => "firstSeen",
        IssueSort.Count => "count",
        IssueSort.Users => "users",
        _ => throw new ArgumentException($"there is no sort {sort}", nameof(sort)),
    };

    /// <summary>More is asked for than project and state, which the indexes of the orders have: few issues may fit, or none.</summary>
    public bool IsNarrow => HasWords || _only is not null || _query.Environment is not null || _query.NotState is not null
        || _query.Regressed is not null || _query.Draining == true || _query.Assigned == true || _query.Assignees is not null || _query.NotAssignee is not null
        || (_query.Class ?? _query.NotClass ?? _query.Level ?? _query.NotLevel) is not null
        || ((_query.Since is not null || _query.LastSeen is not null) && _query.Sort != IssueSort.LastSeen)
        || (_query.FirstSeen is not null && _query.Sort != IssueSort.FirstSeen)
        || (_query.Count is not null && _query.Sort != IssueSort.Count) || (_query.Users is not null && _query.Sort != IssueSort.Users);

    public bool HasWords => _terms.Exists(term => !term.Not);

    /// <summary>Everything, and a condition that any issue meets, by which the index of the list's order is found.</summary>
    public void Write(BsonWriter w)
    {
        if (_query.ProjectId is { } project)
            w.Int32("project"u8, project);
        if (_query.State is { } state)
            w.Int32("state"u8, (int)state);
        using var all = w.Array("$and"u8);
        using (w.Document(default))
            w.Compare(Encoding.UTF8.GetBytes(Field(_query.Sort)), "$gte"u8, long.MinValue);
        WriteConditions(w);
    }

    /// <summary>All but project and state, which most issues may have alike: what makes it narrow, and that is something.</summary>
    public void WriteNarrow(BsonWriter w)
    {
        using var all = w.Array("$and"u8);
        WriteConditions(w);
    }

    private void WriteConditions(BsonWriter w)
    {
        if (_query.Environment is not null)
        {
            using (w.Document(default))
                w.String("environments"u8, StoreText.Clean(_query.Environment, 1000));
        }

        WriteStanding(w);
        Is(w, "class"u8, _query.Class, _query.NotClass, 100);
        Is(w, "level"u8, _query.Level, _query.NotLevel, 50);
        Within(w, "lastSeen"u8, new(_query.Since, null));
        Within(w, "lastSeen"u8, _query.LastSeen);
        Within(w, "firstSeen"u8, _query.FirstSeen);
        Within(w, "count"u8, _query.Count);
        Within(w, "users"u8, _query.Users);
        if (_only is not null)
        {
            using (w.Document(default))
                w.In("_id"u8, _only);
        }

        foreach (var (words, beginning, not) in _terms)
            WriteTerm(w, words, beginning, not);
        if ((_query.After ?? _query.Before) is not null)
            WriteCursor(w, Encoding.UTF8.GetBytes(Field(_query.Sort)), IssueCursor.Of(_query));
    }

    private void WriteStanding(BsonWriter w)
    {
        if (_query.NotState is { } other)
            Not(w, "state"u8, (key, to) => to.Int32(key, (int)other));
        if (_query.Regressed is { } regressed)
        {
            if (regressed)
            {
                using (w.Document(default))
                    w.Bool("regressed"u8, true);
            }
            else
            {
                Not(w, "regressed"u8, (key, to) => to.Bool(key, true));
            }
        }

        if (_query.Draining is { } draining)
            WriteDraining(w, draining);
        if (_query.Assigned is { } assigned)
            WriteAssigned(w, assigned);
        if (_query.Assignees is { } anyOf)
        {
            using (w.Document(default))
                w.In("assignee"u8, anyOf.Take(100).Select(name => StoreText.Clean(name, 320)));
        }

        if (_query.NotAssignee is { } nobody)
            Not(w, "assignee"u8, (key, to) => to.String(key, StoreText.Clean(nobody, 320)));
    }

    private static void WriteDraining(BsonWriter w, bool draining)
    {
        using (w.Document(default))
        using (w.Array(draining ? "$and"u8 : "$nor"u8))
        using (w.Document(default))
        {
            w.Int32("state"u8, (int)IssueState.Resolved);
            w.Compare("drained"u8, "$gt"u8, 0);
        }
    }

    /// <summary>A name that is missing is the same as none: what is compared with a text is only ever a text.</summary>
    private static void WriteAssigned(BsonWriter w, bool assigned)
    {
        using (w.Document(default))
        using (w.Array(assigned ? "$and"u8 : "$nor"u8))
        using (w.Document(default))
        using (w.Document("assignee"u8))
            w.String("$gte"u8, "");
    }

    private static void Is(BsonWriter w, ReadOnlySpan<byte> key, string? value, string? not, int longest)
    {
        if (value is not null)
        {
            using (w.Document(default))
                w.String(key, StoreText.Clean(value, longest));
        }

        if (not is not null)
            Not(w, key, (name, to) => to.String(name, StoreText.Clean(not, longest)));
    }

    private delegate void Compare(ReadOnlySpan<byte> key, BsonWriter to);

    private static void Not(BsonWriter w, ReadOnlySpan<byte> key, Compare value)
    {
        using (w.Document(default))
        using (w.Document(key))
            value("$ne"u8, w);
    }

    private static void Within(BsonWriter w, ReadOnlySpan<byte> key, Between? range)
    {
        if (range?.From is { } from)
        {
            using (w.Document(default))
                w.Compare(key, "$gte"u8, from);
        }

        if (range?.To is { } to)
        {
            using (w.Document(default))
                w.Compare(key, "$lte"u8, to);
        }
    }

    /// <summary>Every word, the last one perhaps as a beginning: a range, which goes by the index.</summary>
    private static void WriteTerm(BsonWriter w, IReadOnlyList<string> words, bool beginning, bool not)
    {
        using (w.Document(default))
        using (w.Array(not ? "$nor"u8 : "$and"u8))
        using (w.Document(default))
        using (w.Array("$and"u8))
        {
            for (var i = 0; i < words.Count; i++)
            {
                using (w.Document(default))
                {
                    if (i < words.Count - 1 || !beginning)
                    {
                        w.String("words"u8, words[i]);
                        continue;
                    }

                    using (w.Document("words"u8))
                    using (w.Document("$elemMatch"u8))
                    {
                        w.String("$gte"u8, words[i]);
                        w.String("$lt"u8, words[i] + '\uFFFF');
                    }
                }
            }
        }
    }

    private void WriteCursor(BsonWriter w, byte[] field, IssueCursor cursor)
    {
        var back = _query.Before is not null;
        using (w.Document(default))
            w.Compare(field, back ? "$gte"u8 : "$lte"u8, cursor.Value);
        using (w.Document(default))
        using (w.Array("$or"u8))
        {
            using (w.Document(default))
                w.Compare(field, back ? "$gt"u8 : "$lt"u8, cursor.Value);
            using (w.Document(default))
                w.Compare("_id"u8, back ? "$gt"u8 : "$lt"u8, cursor.Id);
        }
    }
}
