-- Counters belong to fingerprints, never to issues: an issue maps fingerprints and its totals are derived and set.

CREATE TABLE leadership (
    id    INTEGER PRIMARY KEY CHECK (id = 1),
    token INTEGER NOT NULL,
    owner TEXT NOT NULL
);
INSERT INTO leadership VALUES (1, 0, '');

-- cursor: StreamId.ToSortable of the last entry applied; moves in the transaction that applies it.
CREATE TABLE lanes (
    lane   TEXT PRIMARY KEY,
    cursor TEXT NOT NULL
) WITHOUT ROWID;

-- AUTOINCREMENT: the id of a deleted issue or fingerprint must never name another one.
CREATE TABLE issues (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    project_id  INTEGER NOT NULL,
    state       INTEGER NOT NULL DEFAULT 0, -- IssueState
    resolved_at INTEGER,
    title       TEXT NOT NULL,
    culprit     TEXT NOT NULL,
    level       TEXT NOT NULL,
    class       TEXT NOT NULL,
    count       INTEGER NOT NULL,
    users       INTEGER NOT NULL,
    first_seen  INTEGER NOT NULL,
    last_seen   INTEGER NOT NULL
);

-- One index per sort, with and without a project. state rides along so that filtering by it needs no row.
CREATE INDEX issues_last_seen          ON issues (last_seen, id, state);
CREATE INDEX issues_first_seen         ON issues (first_seen, id, state);
CREATE INDEX issues_count              ON issues (count, id, state);
CREATE INDEX issues_users              ON issues (users, id, state);
CREATE INDEX issues_project_last_seen  ON issues (project_id, last_seen, id, state);
CREATE INDEX issues_project_first_seen ON issues (project_id, first_seen, id, state);
CREATE INDEX issues_project_count      ON issues (project_id, count, id, state);
CREATE INDEX issues_project_users      ON issues (project_id, users, id, state);

CREATE TABLE fingerprints (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    project_id    INTEGER NOT NULL,
    version       TEXT NOT NULL,
    fingerprint   TEXT NOT NULL,
    issue_id      INTEGER NOT NULL REFERENCES issues (id),
    tokens        TEXT NOT NULL, -- JSON array: what was hashed
    title         TEXT NOT NULL, -- as the newest delta told, like the three below
    culprit       TEXT NOT NULL,
    level         TEXT NOT NULL,
    class         TEXT NOT NULL,
    count         INTEGER NOT NULL,
    users         INTEGER NOT NULL,
    samples       INTEGER NOT NULL,
    first_seen    INTEGER NOT NULL,
    last_seen     INTEGER NOT NULL,
    last_received INTEGER NOT NULL,
    UNIQUE (project_id, version, fingerprint)
);
CREATE INDEX fingerprints_issue ON fingerprints (issue_id);

CREATE TABLE hours (
    fingerprint_id INTEGER NOT NULL,
    hour           INTEGER NOT NULL,
    environment    TEXT NOT NULL,
    count          INTEGER NOT NULL,
    PRIMARY KEY (fingerprint_id, hour, environment)
) WITHOUT ROWID;
CREATE INDEX hours_hour ON hours (hour);

CREATE TABLE facets (
    fingerprint_id INTEGER NOT NULL,
    dimension      TEXT NOT NULL,
    value          TEXT NOT NULL,
    count          INTEGER NOT NULL,
    PRIMARY KEY (fingerprint_id, dimension, value)
) WITHOUT ROWID;

-- Rows up to a limit per fingerprint, then the registers of a HyperLogLog.
CREATE TABLE users (
    fingerprint_id INTEGER NOT NULL,
    user           TEXT NOT NULL,
    PRIMARY KEY (fingerprint_id, user)
) WITHOUT ROWID;

CREATE TABLE user_sketches (
    fingerprint_id INTEGER PRIMARY KEY,
    registers      BLOB NOT NULL
);

CREATE TABLE environments (
    project_id  INTEGER NOT NULL,
    environment TEXT NOT NULL,
    count       INTEGER NOT NULL,
    PRIMARY KEY (project_id, environment)
) WITHOUT ROWID;
CREATE INDEX environments_count ON environments (project_id, count, environment);

CREATE TABLE samples (
    id             INTEGER PRIMARY KEY,
    project_id     INTEGER NOT NULL,
    event_id       TEXT NOT NULL,
    fingerprint_id INTEGER NOT NULL,
    novelty        TEXT NOT NULL,
    at             INTEGER NOT NULL,
    received_at    INTEGER NOT NULL,
    browser        TEXT,
    page           TEXT,
    body           BLOB NOT NULL, -- EventSample as JSON, deflated
    UNIQUE (project_id, event_id)
);
CREATE INDEX samples_novelty  ON samples (fingerprint_id, novelty, received_at);
CREATE INDEX samples_newest   ON samples (fingerprint_id, at);
CREATE INDEX samples_received ON samples (received_at);

-- The words of a fingerprint; the words of an issue are those of its fingerprints and are what search looks in.
CREATE TABLE words (
    fingerprint_id INTEGER PRIMARY KEY,
    words          TEXT NOT NULL
);

-- rowid = issue. Words are cut by SearchWords, in documents and questions alike, so the plainest tokenizer will do.
CREATE VIRTUAL TABLE search USING fts5 (words, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii');

CREATE TABLE outcomes (
    minute     INTEGER NOT NULL,
    project_id INTEGER NOT NULL,
    outcome    TEXT NOT NULL,
    count      INTEGER NOT NULL,
    PRIMARY KEY (minute, project_id, outcome)
) WITHOUT ROWID;

-- Ids of applied commands are kept for good: they are few, and a command must not happen twice.
CREATE TABLE commands (
    id TEXT PRIMARY KEY
) WITHOUT ROWID;

CREATE TABLE history (
    id       INTEGER PRIMARY KEY,
    issue_id INTEGER NOT NULL,
    at       INTEGER NOT NULL,
    what     TEXT NOT NULL,
    by       TEXT
);
CREATE INDEX history_issue ON history (issue_id, id);

-- A deleted fingerprint: what was received up to then is not to come back.
CREATE TABLE tombstones (
    project_id  INTEGER NOT NULL,
    version     TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    deleted_at  INTEGER NOT NULL,
    PRIMARY KEY (project_id, version, fingerprint)
) WITHOUT ROWID;
CREATE INDEX tombstones_deleted ON tombstones (deleted_at);

-- Fingerprints that are gone and whose counters still have to be swept, in short steps.
CREATE TABLE garbage (
    fingerprint_id INTEGER PRIMARY KEY
);

CREATE TABLE refused (
    id     INTEGER PRIMARY KEY,
    lane   TEXT NOT NULL,
    entry  TEXT NOT NULL,
    delta  BLOB NOT NULL, -- IssueDelta as JSON
    reason TEXT NOT NULL
);

CREATE TABLE approximate (
    id      INTEGER PRIMARY KEY,
    lane    TEXT NOT NULL,
    from_ms INTEGER NOT NULL,
    to_ms   INTEGER NOT NULL,
    reason  TEXT NOT NULL
);
