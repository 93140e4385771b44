using ErrorPipeline.Shared.Contracts;

namespace ErrorPipeline.Shared.Storage.Sqlite;

/// <summary>What people say of issues.</summary>
internal static class CommentShelf
{
    private const int Longest = 10_000;
    private const int MostPerIssue = 1_000;

    public static void Add(SqliteSession session, StoreCommand command)
    {
        if (string.IsNullOrWhiteSpace(command.Text)
            || session.Number("SELECT count(*) FROM (SELECT 1 FROM comments WHERE issue_id = ?1 LIMIT ?2)", command.IssueId, MostPerIssue) >= MostPerIssue)
            return;
        session.Execute(
            "INSERT INTO comments (id, issue_id, at, by, text) VALUES (?1, ?2, ?3, ?4, ?5)",
            StoreText.Clean(command.Id, 100), command.IssueId, command.At, StoreText.CleanOrNull(command.By, 200), StoreText.Clean(command.Text, Longest));
    }

    public static void Remove(SqliteSession session, StoreCommand command) => session.Execute(
        "DELETE FROM comments WHERE id = ?1 AND issue_id = ?2 AND by IS ?3",
        StoreText.Clean(command.Text, 100), command.IssueId, StoreText.CleanOrNull(command.By, 200));

    public static IReadOnlyList<IssueComment> OfIssue(SqliteSession session, int project, long issue, int limit) =>
        session.Scalar("SELECT 1 FROM issues WHERE id = ?1 AND project_id = ?2", issue, project) is null ? [] : session.Query(
            "SELECT id, at, by, text FROM comments WHERE issue_id = ?1 ORDER BY at, id LIMIT ?2",
            row => new IssueComment(row.GetString(0), row.GetInt64(1), row.GetStringOrNull(2), row.GetString(3)), issue, limit);
}
