using ErrorPipeline.Shared.Contracts;

namespace ErrorPipeline.Shared.Storage.Sqlite;

/// <summary>Applies commands inside the transaction that moves their cursor; each id once.</summary>
internal sealed class CommandApplier(SqliteSession session)
{
    private readonly ReleaseBook _releases = new(session);
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
                Set(command, IssueState.Ignored);
                break;
            case CommandKind.Reopen:
                Set(command, IssueState.Open);
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
        var release = _releases.ForResolve(project, command.Release, command.At);
        Set(command, IssueState.Resolved, release);
        session.Execute("UPDATE issues SET resolved_in = ?2 WHERE id = ?1", command.IssueId, release);
        session.Execute("UPDATE fingerprints SET drained = 0 WHERE issue_id = ?1", command.IssueId);
        // The stream of commands and the lanes are not in one order: an event received after the resolve may have been applied before it.
        _releases.Recheck(project, command.IssueId);
    }

    private void Set(StoreCommand command, IssueState state, string? detail = null)
    {
        session.Execute(
            "UPDATE issues SET state = ?2, resolved_at = ?3, resolved_in = NULL, regressed = 0 WHERE id = ?1",
            command.IssueId, (int)state, state == IssueState.Resolved ? command.At : null);
        IssueHistory.Add(session, command.IssueId, command.At, command.Kind, command.By, detail);
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
        foreach (var issue in new Erasing(session).Erase(project, command.Events ?? [], command.Users ?? []))
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
