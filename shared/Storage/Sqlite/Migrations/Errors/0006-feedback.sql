-- What visitors say of errors. It may come before the event that it is about, or outlive it: then no fingerprint is known.
CREATE TABLE feedback (
    project_id     INTEGER NOT NULL,
    event_id       TEXT NOT NULL, -- of the event that it is about
    id             TEXT NOT NULL,
    at             INTEGER NOT NULL,
    fingerprint_id INTEGER,
    name           TEXT,
    email          TEXT,
    message        TEXT NOT NULL,
    PRIMARY KEY (project_id, event_id, id)
) WITHOUT ROWID;
CREATE INDEX feedback_fingerprint ON feedback (fingerprint_id, at) WHERE fingerprint_id IS NOT NULL;
CREATE INDEX feedback_lost ON feedback (at) WHERE fingerprint_id IS NULL;
CREATE INDEX feedback_at ON feedback (at);
