-- What issues are called by: "SHOP" in SHOP-3F. Projects made before get theirs when the file is opened.
ALTER TABLE projects ADD COLUMN short_name TEXT;
CREATE UNIQUE INDEX projects_short_name ON projects (short_name) WHERE short_name IS NOT NULL;

-- ProjectLinks as JSON; NULL where none were told.
ALTER TABLE projects ADD COLUMN links BLOB;

-- What releases brought, for the newest of a project's releases.
CREATE TABLE release_commits (
    project_id INTEGER NOT NULL REFERENCES projects (id),
    release    TEXT NOT NULL,
    told_at    INTEGER NOT NULL,
    body       BLOB NOT NULL, -- ReleaseCommit as JSON, deflated
    PRIMARY KEY (project_id, release)
) WITHOUT ROWID;
