-- +goose Up

-- Who made something may leave. Their name stays for history, so a maker is no reference to a principal that is there.
CREATE VIEW principal_ever AS SELECT id, name FROM principal UNION ALL SELECT id, name FROM principal_gone;

ALTER TABLE workspace ADD COLUMN maker INTEGER NOT NULL DEFAULT 0;
UPDATE workspace SET maker = created_by;
ALTER TABLE workspace DROP COLUMN created_by;
ALTER TABLE workspace RENAME COLUMN maker TO created_by;
CREATE INDEX workspace_made ON workspace (created_by);

ALTER TABLE bootstrap ADD COLUMN maker INTEGER NOT NULL DEFAULT 0;
UPDATE bootstrap SET maker = created_by;
ALTER TABLE bootstrap DROP COLUMN created_by;
ALTER TABLE bootstrap RENAME COLUMN maker TO created_by;

ALTER TABLE source_connection ADD COLUMN maker INTEGER NOT NULL DEFAULT 0;
ALTER TABLE source_connection ADD COLUMN changer INTEGER NOT NULL DEFAULT 0;
ALTER TABLE source_connection ADD COLUMN tester INTEGER;
UPDATE source_connection SET maker = created_by, changer = modified_by, tester = tested_by;
ALTER TABLE source_connection DROP COLUMN created_by;
ALTER TABLE source_connection DROP COLUMN modified_by;
ALTER TABLE source_connection DROP COLUMN tested_by;
ALTER TABLE source_connection RENAME COLUMN maker TO created_by;
ALTER TABLE source_connection RENAME COLUMN changer TO modified_by;
ALTER TABLE source_connection RENAME COLUMN tester TO tested_by;

-- All that lists of people are filtered by, so that a filter reads nothing else: also one of two letters, which the trigrams do not find,
-- and one that few or none pass.
CREATE INDEX principal_listed ON principal (name_key, id, kind, status, source_id, display_key, email_key);

-- +goose Down
SELECT 'a database is never taken back to before a version';
