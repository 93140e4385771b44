using ErrorPipeline.Shared.Storage.Sqlite;
using ErrorPipeline.Stores.Compliance;

// A process to be killed: takes the lead and applies entries for ever, telling each one after its commit.
await using var store = new SqliteErrorStore(new() { Path = args[0] });
await store.MigrateAsync(default);
var token = await store.TakeLeadershipAsync("child", default);
var cursor = await store.ReadCursorAsync("lane-00", default);
while (true)
{
    var entry = KilledWriter.Entry((long)cursor.Seq + 1);
    await store.ApplyAsync(token, "lane-00", cursor, [entry], default);
    cursor = entry.Id;
    await Console.Out.WriteLineAsync($"{cursor.Seq}");
}
