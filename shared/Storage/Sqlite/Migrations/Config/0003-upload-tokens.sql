CREATE TABLE upload_tokens (
    id           TEXT PRIMARY KEY, -- the part of the token that is no secret
    project_id   INTEGER NOT NULL REFERENCES projects (id),
    name         TEXT NOT NULL,
    hash         BLOB NOT NULL,    -- SHA-256 of the whole token
    created_at   INTEGER NOT NULL,
    last_used_at INTEGER
) WITHOUT ROWID;
CREATE INDEX upload_tokens_project ON upload_tokens (project_id);
