-- What a project's events were like, by quarters of days: whose code, which release, which page. Of what arrived; deleting an issue takes nothing away.
CREATE TABLE tallies (
    project_id INTEGER NOT NULL,
    quarter    INTEGER NOT NULL, -- of arrival: 6 hours since 1970 UTC
    dimension  TEXT NOT NULL,
    value      TEXT NOT NULL,
    count      INTEGER NOT NULL,
    PRIMARY KEY (project_id, quarter, dimension, value)
) WITHOUT ROWID;

-- The largest of all projects are read from here; retention deletes by it, too.
CREATE INDEX tallies_largest ON tallies (quarter, dimension, count);

CREATE INDEX issues_regressed         ON issues (last_seen, id, state) WHERE regressed = 1;
CREATE INDEX issues_project_regressed ON issues (project_id, last_seen, id, state) WHERE regressed = 1;
CREATE INDEX issues_resolved_in       ON issues (project_id, resolved_in) WHERE resolved_in IS NOT NULL;
