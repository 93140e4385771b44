using ErrorPipeline.Shared.Contracts;

namespace ErrorPipeline.Shared.Storage.Sqlite;

/// <summary>Events by project and the protocol that brought them, gathered over the deltas of one commit and written once.</summary>
internal sealed class ClientCounter(SqliteSession session)
{
    private readonly Dictionary<(int Project, string Client), (long Count, long LastReceived, long Issue)> _clients = [];

    public void Add(IssueDelta delta, long issue)
    {
        foreach (var client in delta.Clients ?? [])
        {
            var key = (delta.ProjectId, StoreText.Clean(client.Client, 100));
            var (count, last, lastIssue) = _clients.GetValueOrDefault(key);
            _clients[key] = (count + client.Count, Math.Max(last, client.LastReceived), client.LastReceived >= last ? issue : lastIssue);
        }
    }

    public void Write()
    {
        foreach (var ((project, client), (count, last, issue)) in _clients)
            session.Execute(
                """
                INSERT INTO clients (project_id, client, count, last_received, last_issue_id) VALUES (?1, ?2, ?3, ?4, ?5)
                ON CONFLICT DO UPDATE SET count = count + excluded.count, last_received = max(last_received, excluded.last_received),
                    last_issue_id = iif(excluded.last_received >= last_received, excluded.last_issue_id, last_issue_id)
                """,
                project, client, count, last, issue);
    }
}
