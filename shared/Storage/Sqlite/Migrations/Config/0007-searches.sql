CREATE TABLE searches (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id    INTEGER NOT NULL REFERENCES users (id),
    project_id INTEGER,
    name       TEXT NOT NULL,
    query      TEXT NOT NULL,
    shared     INTEGER NOT NULL,
    UNIQUE (user_id, name)
);
CREATE INDEX searches_shared ON searches (shared) WHERE shared = 1;
