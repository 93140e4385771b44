-- ProjectPolicy as JSON; NULL where nothing was decided.
ALTER TABLE projects ADD COLUMN policy BLOB;

-- Keys the hashes that tell a project's users apart.
ALTER TABLE projects ADD COLUMN user_salt TEXT NOT NULL DEFAULT '';
UPDATE projects SET user_salt = lower(hex(randomblob(16)));
UPDATE revision SET number = number + 1;
