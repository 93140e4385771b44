// deltas -> SQLite: the one writer. A transaction per batch; WAL without a sync at each commit, the fastest setting that
// survives a killed process.
import Database from 'better-sqlite3';
import { options, run } from './queue.mjs';

const database = new Database(options.database);
database.pragma('journal_mode = WAL');
database.pragma('synchronous = NORMAL');
database.exec(`
    CREATE TABLE IF NOT EXISTS issues (id TEXT PRIMARY KEY, title TEXT, count INTEGER, first_seen INTEGER, last_seen INTEGER) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS samples (issue TEXT, at INTEGER, event TEXT)`);
const upsert = database.prepare(`
    INSERT INTO issues VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET count = count + excluded.count, last_seen = excluded.last_seen`);
const sample = database.prepare('INSERT INTO samples VALUES (?, ?, ?)');
const apply = database.transaction((deltas) => {
    const now = Date.now();
    for (const delta of deltas) {
        upsert.run(delta.group, delta.title, delta.count, now, now);
        sample.run(delta.group, now, JSON.stringify(delta.sample));
    }
});

await run('deltas', null, async (items) => {
    apply(items.flatMap((item) => JSON.parse(item)));
    return [];
});
