-- What the page of an issue shows around the error itself: who met it, what else they met, and how the project looked meanwhile.

ALTER TABLE samples ADD COLUMN os TEXT;
ALTER TABLE samples ADD COLUMN device TEXT;
ALTER TABLE samples ADD COLUMN environment TEXT;
ALTER TABLE samples ADD COLUMN user_key TEXT;
ALTER TABLE samples ADD COLUMN user TEXT; -- as the site told, for people
CREATE INDEX samples_page ON samples (project_id, page, at, fingerprint_id) WHERE page IS NOT NULL;
CREATE INDEX samples_user ON samples (project_id, user_key, at, fingerprint_id) WHERE user_key IS NOT NULL;

-- Events of a whole project by dimension and value, a week at a time; see ProjectWeeks.
CREATE TABLE project_facets (
    project_id INTEGER NOT NULL,
    week       INTEGER NOT NULL, -- weeks since 1970 UTC, by arrival
    dimension  TEXT NOT NULL,
    value      TEXT NOT NULL,
    count      INTEGER NOT NULL,
    PRIMARY KEY (project_id, week, dimension, value)
) WITHOUT ROWID;
CREATE INDEX project_facets_week ON project_facets (week);
