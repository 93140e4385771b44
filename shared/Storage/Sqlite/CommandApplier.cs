using ErrorPipeline.Shared.Contracts;

namespace ErrorPipeline.Shared.Storage.Sqlite;

/// <summary>Applies commands inside the transaction that moves their cursor; each id once.</summary>
internal sealed class CommandApplier(SqliteSession session)
{
    private readonly Dictionary<long, IssueChange> _changed = [];

    public Applied Apply(IReadOnlyList<CommandEntry> entries)
    {
        foreach (var (_, command) in entries)
        {
            if (session.Execute("INSERT INTO commands (id) VALUES (?1) ON CONFLICT DO NOTHING", StoreText.Clean(command.Id, 100)) == 0)
                continue;
            var project = session.Scalar("SELECT project_id FROM issues WHERE id = ?1", command.IssueId);
            if (project is null)
                continue; // deleted meanwhile: there is nothing left to change
            ApplyOne(command);
            _changed[command.IssueId] = new((int)(long)project, command.IssueId, IsNew: false);
        }

        return new([.. _changed.Values], []);
    }

    private void ApplyOne(StoreCommand command)
    {
        switch (command.Kind)
        {
            case CommandKind.Resolve:
                Resolve(command);
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
            default:
                IssueHistory.Add(session, command.IssueId, command.At, $"unknown command {command.Kind}", command.By);
                break;
        }
    }

    private void Resolve(StoreCommand command)
    {
        Set(command, IssueState.Resolved);
        // The stream of commands and the lanes are not in one order: an event received after the resolve may have been applied before it.
        var received = session.Number("SELECT max(last_received) FROM fingerprints WHERE issue_id = ?1", command.IssueId);
        if (received <= command.At)
            return;
        session.Execute("UPDATE issues SET state = 0, resolved_at = NULL WHERE id = ?1", command.IssueId);
        IssueHistory.Add(session, command.IssueId, received, "reopened", by: null);
    }

    private void Set(StoreCommand command, IssueState state)
    {
        session.Execute(
            "UPDATE issues SET state = ?2, resolved_at = ?3 WHERE id = ?1",
            command.IssueId, (int)state, state == IssueState.Resolved ? command.At : null);
        IssueHistory.Add(session, command.IssueId, command.At, command.Kind, command.By);
    }
}
