-- Which clients a project's events come from: a fixed few a project, written once a commit.
CREATE TABLE clients (
    project_id INTEGER NOT NULL,
    client TEXT NOT NULL,
    count INTEGER NOT NULL,
    last_received INTEGER NOT NULL,
    last_issue_id INTEGER NOT NULL,
    PRIMARY KEY (project_id, client)
) WITHOUT ROWID;
