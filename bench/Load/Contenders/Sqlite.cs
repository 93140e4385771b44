using System.Globalization;
using Microsoft.Data.Sqlite;

namespace ErrorPipeline.Load.Contenders;

/// <summary>Reads a store's file beside its writer.</summary>
internal static class Sqlite
{
    /// <summary>The one number that a query answers.</summary>
    public static long Number(string path, string query) => Convert.ToInt64(First(path, query), CultureInfo.InvariantCulture);

    /// <summary>The one text that a query answers; null where it finds nothing.</summary>
    public static string? Text(string path, string query) => First(path, query) as string;

    private static object? First(string path, string query)
    {
        using var connection = new SqliteConnection($"Data Source={path};Mode=ReadOnly;Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = query;
        return command.ExecuteScalar();
    }
}
