-- +goose Up

-- What people want of the console, whichever terminal they sit before. What is not here is left to the terminal.
CREATE TABLE preference (
	principal_id INTEGER NOT NULL REFERENCES principal (id) ON DELETE CASCADE,
	name         TEXT NOT NULL,
	value        TEXT NOT NULL,
	PRIMARY KEY (principal_id, name)
) STRICT, WITHOUT ROWID;

-- +goose Down
SELECT 'a database is never taken back to before its first version';
