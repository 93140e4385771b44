-- What people decide about issues: who takes care, when an ignored one comes back, what they say, and how a decision is taken back.

ALTER TABLE issues ADD COLUMN assignee TEXT;
ALTER TABLE issues ADD COLUMN drained INTEGER NOT NULL DEFAULT 0;  -- derived, like the totals: of its fingerprints
ALTER TABLE issues ADD COLUMN resolved_next INTEGER NOT NULL DEFAULT 0; -- the fix comes with the release after resolved_in
ALTER TABLE issues ADD COLUMN ignored_until INTEGER;
ALTER TABLE issues ADD COLUMN ignored_count INTEGER;
ALTER TABLE issues ADD COLUMN ignored_users INTEGER;
ALTER TABLE issues ADD COLUMN changed_by TEXT;                     -- the command that changed state or assignee last; NULL where an event did since
UPDATE issues SET drained = coalesce((SELECT sum(drained) FROM fingerprints WHERE issue_id = issues.id), 0) WHERE state = 1;

ALTER TABLE moved_issues ADD COLUMN standing TEXT;                 -- Standing as JSON

CREATE INDEX issues_assignee ON issues (assignee) WHERE assignee IS NOT NULL;
CREATE INDEX issues_drained ON issues (drained) WHERE drained > 0;
CREATE INDEX issues_class ON issues (class);
CREATE INDEX issues_level ON issues (level);
CREATE INDEX issues_ignored_until ON issues (ignored_until) WHERE ignored_until IS NOT NULL;

-- The issues that a user met.
CREATE INDEX users_user ON users (user, fingerprint_id);

-- What issues were before a command, for as long as it can be taken back.
CREATE TABLE undo (
    command_id TEXT NOT NULL,
    issue_id   INTEGER NOT NULL,
    batch      TEXT NOT NULL,
    at         INTEGER NOT NULL,
    standing   TEXT NOT NULL, -- Standing as JSON
    PRIMARY KEY (command_id)
) WITHOUT ROWID;
CREATE INDEX undo_batch ON undo (batch);
CREATE INDEX undo_at ON undo (at);
CREATE INDEX undo_issue ON undo (issue_id);

CREATE TABLE comments (
    id       TEXT PRIMARY KEY, -- of the command
    issue_id INTEGER NOT NULL,
    at       INTEGER NOT NULL,
    by       TEXT,
    text     TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX comments_issue ON comments (issue_id, at, id);
