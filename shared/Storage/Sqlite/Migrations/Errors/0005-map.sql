-- The map of fingerprints to issues changes by merges, splits and source maps that come late; counters never move with it.

-- Other names of a fingerprint's error. A fingerprint that is not known yet joins the issue of one that shares a name.
CREATE TABLE aliases (
    id             INTEGER PRIMARY KEY,
    project_id     INTEGER NOT NULL,
    kind           TEXT NOT NULL, -- a version of grouping, or 'build'
    value          TEXT NOT NULL,
    mapped         INTEGER NOT NULL,
    fingerprint_id INTEGER NOT NULL,
    UNIQUE (project_id, kind, value, fingerprint_id)
);
CREATE INDEX aliases_fingerprint ON aliases (fingerprint_id, id);

-- The journal: each move, and what it moved from where to where.
CREATE TABLE moves (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    project_id INTEGER NOT NULL,
    at         INTEGER NOT NULL,
    what       TEXT NOT NULL,
    by         TEXT,
    undone_by  INTEGER -- the move that took it back
);

CREATE TABLE move_parts (
    move_id        INTEGER NOT NULL,
    fingerprint_id INTEGER NOT NULL,
    from_issue     INTEGER NOT NULL,
    to_issue       INTEGER NOT NULL,
    PRIMARY KEY (move_id, fingerprint_id)
) WITHOUT ROWID;
CREATE INDEX move_parts_fingerprint ON move_parts (fingerprint_id);
CREATE INDEX move_parts_from ON move_parts (from_issue, move_id);
CREATE INDEX move_parts_to ON move_parts (to_issue, move_id);

-- Issues without fingerprints: their numbers lead to the issues that have them now, and wait to be given back.
CREATE TABLE moved_issues (
    id           INTEGER PRIMARY KEY,
    project_id   INTEGER NOT NULL,
    move_id      INTEGER NOT NULL, -- the move that took the last of them
    state        INTEGER NOT NULL,
    resolved_at  INTEGER,
    resolved_in  TEXT,
    regressed_in TEXT
);

-- Releases by project, in the order of their first traffic unless something better is told.
CREATE TABLE releases (
    project_id     INTEGER NOT NULL,
    version        TEXT NOT NULL,
    first_received INTEGER, -- null while only told
    last_received  INTEGER,
    events         INTEGER NOT NULL,
    told_at        INTEGER,
    released_at    INTEGER,
    place          INTEGER,
    PRIMARY KEY (project_id, version)
) WITHOUT ROWID;

CREATE TABLE fingerprint_releases (
    fingerprint_id INTEGER NOT NULL,
    release        TEXT NOT NULL, -- '' for events that told none
    count          INTEGER NOT NULL,
    first_received INTEGER NOT NULL,
    last_received  INTEGER NOT NULL,
    PRIMARY KEY (fingerprint_id, release)
) WITHOUT ROWID;

ALTER TABLE issues ADD COLUMN resolved_in TEXT;
ALTER TABLE issues ADD COLUMN regressed_in TEXT;                       -- the release that brought it back last
ALTER TABLE issues ADD COLUMN regressed INTEGER NOT NULL DEFAULT 0;    -- and nobody has touched it since
ALTER TABLE issues ADD COLUMN first_release TEXT;                      -- derived, like the totals
CREATE INDEX issues_first_release ON issues (project_id, first_release) WHERE first_release IS NOT NULL;
CREATE INDEX issues_regressed_in ON issues (project_id, regressed_in) WHERE regressed_in IS NOT NULL;

ALTER TABLE fingerprints ADD COLUMN notes TEXT;                        -- JSON array
ALTER TABLE fingerprints ADD COLUMN first_release TEXT;
ALTER TABLE fingerprints ADD COLUMN first_release_at INTEGER;
ALTER TABLE fingerprints ADD COLUMN drained INTEGER NOT NULL DEFAULT 0; -- events of old releases since the resolve

ALTER TABLE history ADD COLUMN detail TEXT;

ALTER TABLE samples ADD COLUMN release TEXT;
ALTER TABLE samples ADD COLUMN unmapped INTEGER NOT NULL DEFAULT 0;    -- it has a frame that a source map may be for
CREATE INDEX samples_unmapped ON samples (project_id, fingerprint_id) WHERE unmapped = 1;

-- How far a job of the writer has come, as JSON.
CREATE TABLE progress (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;
