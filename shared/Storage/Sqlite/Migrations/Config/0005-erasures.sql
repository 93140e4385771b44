-- The journal of erasures: never whose data it was, but a keyed hash.
CREATE TABLE erasures (
    id         TEXT PRIMARY KEY,
    project_id INTEGER NOT NULL REFERENCES projects (id),
    hash       TEXT NOT NULL,
    kind       TEXT NOT NULL,
    at         INTEGER NOT NULL,
    by         TEXT,
    events     INTEGER NOT NULL,
    letters    INTEGER NOT NULL,
    done_at    INTEGER
) WITHOUT ROWID;
CREATE INDEX erasures_at ON erasures (at);
