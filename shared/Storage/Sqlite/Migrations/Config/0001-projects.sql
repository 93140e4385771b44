CREATE TABLE projects (
    id                INTEGER PRIMARY KEY AUTOINCREMENT,
    name              TEXT NOT NULL,
    events_per_minute INTEGER,
    created_at        INTEGER NOT NULL
);

CREATE TABLE project_keys (
    id         INTEGER PRIMARY KEY,
    key        TEXT NOT NULL UNIQUE,
    project_id INTEGER NOT NULL REFERENCES projects (id),
    created_at INTEGER NOT NULL,
    revoked_at INTEGER
);
CREATE INDEX project_keys_project ON project_keys (project_id);

CREATE TABLE project_origins (
    project_id INTEGER NOT NULL REFERENCES projects (id),
    position   INTEGER NOT NULL,
    origin     TEXT NOT NULL,
    PRIMARY KEY (project_id, position)
) WITHOUT ROWID;

CREATE TABLE users (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    email          TEXT NOT NULL UNIQUE COLLATE NOCASE,
    password_hash  TEXT NOT NULL,
    security_stamp TEXT NOT NULL,
    created_at     INTEGER NOT NULL
);

CREATE TABLE outbox (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    id       TEXT NOT NULL UNIQUE,
    command  BLOB NOT NULL -- StoreCommand as JSON
);

-- Rises with every change that collectors have to hear of.
CREATE TABLE revision (
    id     INTEGER PRIMARY KEY CHECK (id = 1),
    number INTEGER NOT NULL
);
INSERT INTO revision VALUES (1, 0);
