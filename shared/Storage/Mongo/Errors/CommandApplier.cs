using ErrorPipeline.Shared.Contracts;

namespace ErrorPipeline.Shared.Storage.Mongo.Errors;

/// <summary>
/// Applies commands; each id once. Its id is kept after all that it does, each part of which changes nothing when it is done again: a command
/// that was stopped half way is finished by who comes next.
/// </summary>
internal sealed class CommandApplier(ErrorCollections errors)
{
    private readonly IssueBook _issues = new(errors);
    private readonly FingerprintBook _fingerprints = new(errors);
    private readonly IssueStandings _standings = new(errors);
    private readonly Dictionary<long, IssueChange> _changed = [];

    public Applied Apply(IReadOnlyList<CommandEntry> entries)
    {
        foreach (var (_, command) in entries)
        {
            var id = StoreText.Clean(command.Id, 100);
            if (errors.Commands.Count(BsonQuery.Id(id), 1) > 0)
                continue;
            if (command.Kind == CommandKind.Release)
                Tell(command);
            else if (command.Kind == CommandKind.Erase)
                Erase(command);
            else if (command.Kind == CommandKind.Restore)
                Restore(id, command);
            else if (ProjectOf(command) is { } project)
                ApplyOne(project, id, command);
            errors.Commands.Insert(BsonQuery.Id(id));
        }

        return new([.. _changed.Values], []);
    }

    /// <summary>Null where the issue was deleted or merged meanwhile: there is nothing left to change.</summary>
    private int? ProjectOf(StoreCommand command) => _issues.ProjectOf(command.IssueId)
        ?? (command.Kind == CommandKind.Delete ? _fingerprints.OfIssue(command.IssueId).FirstOrDefault()?.Project : null);

    private void ApplyOne(int project, string id, StoreCommand command)
    {
        var cause = $"command:{id}";
        switch (command.Kind)
        {
            case CommandKind.Resolve:
                Resolve(project, cause, command);
                break;
            case CommandKind.Ignore:
                _standings.Ignore(cause, command);
                break;
            case CommandKind.Reopen:
                _standings.Reopen(cause, command);
                break;
            case CommandKind.Assign:
                _standings.Assign(cause, command);
                break;
            case CommandKind.Comment:
                new CommentBook(errors).Add(id, command);
                break;
            case CommandKind.Uncomment:
                new CommentBook(errors).Remove(command);
                break;
            case CommandKind.Delete:
                new IssueRemoval(errors).Delete(command.IssueId, command.At);
                break;
            case CommandKind.Merge:
                Change(project, cause, map => map.Merge(project, command.IssueId, command.Sources ?? [], command.At, CommandKind.Merge, command.By));
                break;
            case CommandKind.Split:
                Change(project, cause, map => map.Split(project, command.IssueId, Named(project, command.Fingerprints ?? []), command.At, command.By));
                break;
            case CommandKind.Undo:
                Change(project, cause, map => map.Undo(project, command.Move ?? 0, command.At, command.By));
                break;
            default:
                _issues.Tell(command.IssueId, cause, command.At, $"unknown command {command.Kind}", command.By);
                break;
        }

        Note(project, command.IssueId);
    }

    private void Resolve(int project, string cause, StoreCommand command)
    {
        var releases = new ReleaseNames(errors, _fingerprints);
        _standings.Resolve(cause, command, command.How == ResolveHow.Now ? null : releases.ForResolve(project, command.Release, command.At));
        errors.Fingerprints.Update(BsonQuery.Number("issue", command.IssueId), w => w.Set(fields => fields.Int64("drained"u8, 0)), multi: true);
        errors.Issues.Update(BsonQuery.Id(command.IssueId), w => w.Set(fields => fields.Int64("drained"u8, 0)));
        // The stream of commands and the lanes are not in one order: an event received after the resolve may have been applied before it.
        releases.Recheck(project, command.IssueId);
    }

    private void Restore(string id, StoreCommand command)
    {
        var restored = _standings.Restore($"command:{id}", command);
        foreach (var (project, issue) in restored)
        {
            // What arrived meanwhile was not held against a resolve that stands again.
            new ReleaseNames(errors, _fingerprints).Recheck(project, issue);
            Note(project, issue);
        }

        _standings.Wake(restored.Select(one => one.Issue));
    }

    private void Tell(StoreCommand command)
    {
        if (command is { ProjectId: { } project, Release: { } version } && !string.IsNullOrWhiteSpace(version))
            new ReleaseNames(errors, _fingerprints).Tell(project, version, command.ReleasedAt, command.Order, command.At);
    }

    private void Erase(StoreCommand command)
    {
        if (command.ProjectId is not { } project)
            return;
        foreach (var issue in new Erasing(errors).Erase(project, command))
            Note(project, issue);
    }

    private void Change(int project, string cause, Action<IssueMap> change)
    {
        var map = new IssueMap(errors, cause);
        change(map);
        foreach (var issue in map.Finish(project))
            Note(project, issue);
    }

    private List<long> Named(int project, IReadOnlyList<string> fingerprints) =>
    [
        .. fingerprints.Select(name => name.Split(':', 2)).Where(parts => parts.Length == 2)
            .Select(parts => _fingerprints.Find(new FingerprintKey(project, StoreText.Clean(parts[0], 50), StoreText.Clean(parts[1], 200)))?.Number)
            .OfType<long>(),
    ];

    private void Note(int project, long issue) => _changed[issue] = new(project, issue, IsNew: false);
}
