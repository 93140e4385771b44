namespace ErrorPipeline.Shared.Storage.Sqlite;

/// <summary>Saved searches of the configuration.</summary>
internal static class SearchRows
{
    private const int LongestName = 80;
    private const int LongestQuery = 2_000;
    private const int MostPerUser = 200;

    public static long Save(SqliteSession session, SavedSearch search)
    {
        var name = StoreText.Clean(search.Name.Trim(), LongestName);
        if (session.Number("SELECT count(*) FROM searches WHERE user_id = ?1 AND name <> ?2", search.UserId, name) >= MostPerUser)
            throw new ArgumentException($"There are {MostPerUser} searches already: delete one first.", nameof(search));
        return session.Number(
            """
            INSERT INTO searches (user_id, project_id, name, query, shared) VALUES (?1, ?2, ?3, ?4, ?5)
            ON CONFLICT (user_id, name) DO UPDATE SET project_id = excluded.project_id, query = excluded.query, shared = excluded.shared
            RETURNING id
            """,
            search.UserId, search.ProjectId, name, StoreText.Clean(search.Query, LongestQuery), search.IsShared ? 1 : 0);
    }

    public static IReadOnlyList<SavedSearch> List(SqliteSession session, long user) => session.Query(
        """
        SELECT id, user_id, project_id, name, query, shared FROM searches WHERE user_id = ?1
        UNION SELECT id, user_id, project_id, name, query, shared FROM searches WHERE shared = 1
        ORDER BY name, id LIMIT 500
        """,
        row => new SavedSearch(row.GetInt64(0), row.GetInt64(1), row.IsDBNull(2) ? null : row.GetInt32(2), row.GetString(3), row.GetString(4), row.GetInt64(5) != 0), user);

    public static bool Delete(SqliteSession session, long user, long id) =>
        session.Execute("DELETE FROM searches WHERE id = ?2 AND user_id = ?1", user, id) == 1;
}
