using ErrorPipeline.Shared.Contracts;

namespace ErrorPipeline.Shared.Storage.Sqlite;

/// <summary>Applies commands inside the transaction that moves their cursor; each id once.</summary>
internal sealed class CommandApplier(SqliteSession session)
{
    private readonly ReleaseBook _releases = new(session);
    private readonly IssueStandings _standings = new(session);
    private readonly Dictionary<long, IssueChange> _changed = [];

    public Applied Apply(IReadOnlyList<CommandEntry> entries)
    {
        foreach (var (_, command) in entries)
        {
            if (session.Execute("INSERT INTO commands (id) VALUES (?1) ON CONFLICT DO NOTHING", StoreText.Clean(command.Id, 100)) == 0)
                continue;
            if (command.Kind == CommandKind.Release)
            {
                Tell(command);
                continue;
            }

            if (command.Kind == CommandKind.Erase)
            {
                Erase(command);
                continue;
            }

            if (command.Kind == CommandKind.Restore)
            {
                Restore(command);
                continue;
            }

            var project = (int?)(long?)session.Scalar("SELECT project_id FROM issues WHERE id = ?1", command.IssueId);
            if (project is null)
                continue; // deleted or merged meanwhile: there is nothing left to change
            ApplyOne(project.Value, command);
            Note(project.Value, command.IssueId);
        }

        return new([.. _changed.Values], []);
    }

    private void ApplyOne(int project, StoreCommand command)
    {
        switch (command.Kind)
        {
            case CommandKind.Resolve:
                Resolve(project, command);
                break;
            case CommandKind.Ignore:
                _standings.Ignore(command);
                break;
            case CommandKind.Reopen:
                _standings.Reopen(command);
                break;
            case CommandKind.Assign:
                _standings.Assign(command);
                break;
            case CommandKind.Comment:
                CommentShelf.Add(session, command);
                break;
            case CommandKind.Uncomment:
                CommentShelf.Remove(session, command);
                break;
            case CommandKind.Delete:
                IssueRemoval.Delete(session, command.IssueId, command.At);
                break;
            case CommandKind.Merge:
                Change(project, map => map.Merge(project, command.IssueId, command.Sources ?? [], command.At, CommandKind.Merge, command.By));
                break;
            case CommandKind.Split:
                Change(project, map => map.Split(project, command.IssueId, Named(project, command.Fingerprints ?? []), command.At, command.By));
                break;
            case CommandKind.Undo:
                Change(project, map => map.Undo(project, command.Move ?? 0, command.At, command.By));
                break;
            default:
                IssueHistory.Add(session, command.IssueId, command.At, $"unknown command {command.Kind}", command.By);
                break;
        }
    }

    private void Resolve(int project, StoreCommand command)
    {
        _standings.Resolve(command, command.How == ResolveHow.Now ? null : _releases.ForResolve(project, command.Release, command.At));
        // The stream of commands and the lanes are not in one order: an event received after the resolve may have been applied before it.
        _releases.Recheck(project, command.IssueId);
    }

    private void Restore(StoreCommand command)
    {
        foreach (var (project, issue) in _standings.Restore(command))
        {
            // What arrived meanwhile was not held against a resolve or an ignore that stands again.
            _releases.Recheck(project, issue);
            _standings.Wake(issue);
            Note(project, issue);
        }
    }

    private void Tell(StoreCommand command)
    {
        if (command is { ProjectId: { } project, Release: { } version } && !string.IsNullOrWhiteSpace(version))
            _releases.Tell(project, version, command.ReleasedAt, command.Order, command.At);
    }

    private void Erase(StoreCommand command)
    {
        if (command.ProjectId is not { } project)
            return;
        foreach (var issue in new Erasing(session).Erase(project, command))
            Note(project, issue);
    }

    private void Change(int project, Action<IssueMap> change)
    {
        var map = new IssueMap(session);
        change(map);
        foreach (var issue in map.Finish(project))
            Note(project, issue);
    }

    private List<long> Named(int project, IReadOnlyList<string> fingerprints) =>
    [
        .. fingerprints.Select(name => name.Split(':', 2)).Where(parts => parts.Length == 2)
            .Select(parts => (long?)session.Scalar(
                "SELECT id FROM fingerprints WHERE project_id = ?1 AND version = ?2 AND fingerprint = ?3", project, StoreText.Clean(parts[0], 50), StoreText.Clean(parts[1], 200)))
            .OfType<long>(),
    ];

    private void Note(int project, long issue) => _changed[issue] = new(project, issue, IsNew: false);
}
