using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Storage.Mongo.Bson;

namespace ErrorPipeline.Shared.Storage.Mongo.Errors;

/// <summary>
/// Reads and changes what people decided about issues, and remembers what it was before. Each change is one update; the history is told
/// before it, by its cause, so that who repeats a change that was stopped tells it once.
/// </summary>
internal sealed class IssueStandings(ErrorCollections errors)
{
    private readonly IssueBook _issues = new(errors);

    public static Standing Read(BsonView found) => new()
    {
        State = (IssueState)found["state"u8].Int32(),
        ResolvedAt = found.Int64OrNull("resolvedAt"u8),
        ResolvedIn = found.StringOrNull("resolvedIn"u8),
        ResolvedNext = IsSet(found, "resolvedNext"u8),
        Regressed = IsSet(found, "regressed"u8),
        IgnoredUntil = found.Int64OrNull("ignoredUntil"u8),
        IgnoredCount = found.Int64OrNull("ignoredCount"u8),
        IgnoredUsers = found.Int64OrNull("ignoredUsers"u8),
        Assignee = found.StringOrNull("assignee"u8),
    };

    /// <param name="fields">Of the issue.</param>
    /// <param name="standing">What it is to be.</param>
    /// <param name="command">That changes it; null where none does.</param>
    public static void Write(BsonWriter fields, Standing standing, string? command)
    {
        fields.Int32("state"u8, (int)standing.State);
        fields.Int64OrNull("resolvedAt"u8, standing.ResolvedAt);
        fields.StringOrNull("resolvedIn"u8, standing.ResolvedIn);
        fields.Bool("resolvedNext"u8, standing.ResolvedNext);
        fields.Bool("regressed"u8, standing.Regressed);
        fields.Int64OrNull("ignoredUntil"u8, standing.IgnoredUntil);
        fields.Int64OrNull("ignoredCount"u8, standing.IgnoredCount);
        fields.Int64OrNull("ignoredUsers"u8, standing.IgnoredUsers);
        fields.StringOrNull("assignee"u8, standing.Assignee);
        fields.StringOrNull("changedBy"u8, command);
    }

    public void Resolve(string cause, StoreCommand command, string? release) => Change(cause, command, found => Read(found).Resolve(command, release), release);

    public void Ignore(string cause, StoreCommand command) =>
        Change(cause, command, found => Read(found).Ignore(command, found["count"u8].Int64(), found["users"u8].Int64()), Standing.Waits(command));

    public void Reopen(string cause, StoreCommand command) => Change(cause, command, found => Read(found).Opened(), detail: null);

    public void Assign(string cause, StoreCommand command)
    {
        var assignee = string.IsNullOrWhiteSpace(command.Assignee) ? null : StoreText.Clean(command.Assignee, 320);
        Change(cause, command, found => Read(found) with { Assignee = assignee }, assignee);
    }

    /// <summary>The issues that are as they were again.</summary>
    public List<(int Project, long Issue)> Restore(string cause, StoreCommand command)
    {
        if (command.Batch is not { Length: > 0 } batch)
            return [];
        List<(int, long)> restored = [];
        var kept = errors.Undo.Query(
            w => w.String("batch"u8, StoreText.Clean(batch, 100)),
            found => (Command: found["_id"u8].String(), Issue: found["issue"u8].Int64(), Standing: Standing.Read(found["standing"u8].String())));
        foreach (var (changed, issue, standing) in kept)
        {
            Action<BsonWriter> mine = w =>
            {
                w.Int64("_id"u8, issue);
                w.String("changedBy"u8, changed);
            };
            if (errors.Issues.Query(mine, found => (int?)found["project"u8].Int32()).FirstOrDefault() is { } project)
            {
                _issues.Tell(issue, cause, command.At, CommandKind.Restore, command.By);
                errors.Issues.Update(mine, w => w.Set(fields => Write(fields, standing, command: null)));
                restored.Add((project, issue));
            }

            errors.Undo.Delete(BsonQuery.Id(changed));
        }

        return restored;
    }

    /// <summary>Opens ignored issues that have met what they were ignored until. After their totals are worked out.</summary>
    public void Wake(IEnumerable<long> issues)
    {
        var ignored = errors.Issues.Query(
            w =>
            {
                w.In("_id"u8, issues);
                w.Int32("state"u8, (int)IssueState.Ignored);
            },
            found => (Issue: found["_id"u8].Int64(), Standing: Read(found), Count: found["count"u8].Int64(), Users: found["users"u8].Int64()));
        foreach (var (issue, standing, count, users) in ignored)
        {
            if (standing.Woken(count, users) is { } reason)
                Wake(issue, standing, reason, new FingerprintBook(errors).OfIssue(issue).Max(fingerprint => fingerprint.LastReceived));
        }
    }

    /// <summary>The same for time.</summary>
    public List<IssueChange> WakeDue(DateTimeOffset now)
    {
        var at = now.ToUnixTimeMilliseconds();
        var due = errors.Issues.Query(
            w => w.Compare("ignoredUntil"u8, "$lte"u8, at), found => (Project: found["project"u8].Int32(), Issue: found["_id"u8].Int64(), Standing: Read(found)),
            BsonQuery.Sorted(500, ("ignoredUntil", 1)));
        foreach (var (_, issue, standing) in due)
            Wake(issue, standing, $"until:{standing.IgnoredUntil}", at);
        return [.. due.Select(one => new IssueChange(one.Project, one.Issue, IsNew: false))];
    }

    private void Wake(long issue, Standing standing, string reason, long at)
    {
        _issues.Tell(issue, $"woken:{at}", at, "woken", by: null, reason);
        errors.Issues.Update(BsonQuery.Id(issue), w => w.Set(fields => Write(fields, standing.Opened(), command: null)));
    }

    private void Change(string cause, StoreCommand command, Func<BsonView, Standing> change, string? detail)
    {
        var id = StoreText.Clean(command.Id, 100);
        var found = errors.Issues.First(BsonQuery.Id(command.IssueId), issue => new Found(Read(issue), change(issue)));
        if (found is null)
            return;
        errors.Undo.Insert(w =>
        {
            w.String("_id"u8, id);
            w.Int64("issue"u8, command.IssueId);
            w.String("batch"u8, StoreText.Clean(command.Batch ?? command.Id, 100));
            w.Int64("at"u8, command.At);
            w.String("standing"u8, found.Before.Write());
        });
        var what = found.After.ResolvedNext && command.Kind == CommandKind.Resolve ? "resolve_next" : command.Kind;
        _issues.Tell(command.IssueId, cause, command.At, what, command.By, detail);
        errors.Issues.Update(BsonQuery.Id(command.IssueId), w => w.Set(fields => Write(fields, found.After, id)));
    }

    private static bool IsSet(BsonView found, ReadOnlySpan<byte> key) => found.TryFind(key, out var value) && !value.IsNull && value.Bool();

    private sealed record Found(Standing Before, Standing After);
}
