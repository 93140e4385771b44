-- 0: a minified file, 1: a map, 2: an original source.
ALTER TABLE artifacts RENAME COLUMN is_map TO kind;
ALTER TABLE artifacts ADD COLUMN dist TEXT NOT NULL DEFAULT '';
-- Why a map that is kept all the same cannot be used.
ALTER TABLE artifacts ADD COLUMN problem TEXT;
-- Bytes as kept; summed without touching the content.
ALTER TABLE blobs ADD COLUMN packed INTEGER NOT NULL DEFAULT 0;
UPDATE blobs SET packed = length(content);
CREATE INDEX blobs_packed ON blobs (packed);
