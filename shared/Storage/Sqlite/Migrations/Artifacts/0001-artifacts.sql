CREATE TABLE blobs (
    hash    TEXT PRIMARY KEY, -- SHA-256 of the content, lower-case hex
    size    INTEGER NOT NULL,
    content BLOB NOT NULL     -- Brotli
);

CREATE TABLE artifacts (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    project_id  INTEGER NOT NULL,
    release     TEXT NOT NULL, -- empty: found by debug id alone
    url         TEXT NOT NULL,
    name        TEXT NOT NULL, -- the last part of the URL
    is_map      INTEGER NOT NULL,
    debug_id    TEXT,
    map_url     TEXT,
    hash        TEXT NOT NULL REFERENCES blobs (hash),
    uploaded_at INTEGER NOT NULL
);
CREATE INDEX artifacts_url ON artifacts (project_id, release, url);
CREATE INDEX artifacts_name ON artifacts (project_id, release, name);
CREATE INDEX artifacts_debug_id ON artifacts (project_id, debug_id) WHERE debug_id IS NOT NULL;
CREATE INDEX artifacts_hash ON artifacts (hash);
