-- +goose Up

-- Sessions that are open: consoles, here and over SSH. A row whose holder does not live any more is of one that was killed.
CREATE TABLE session (
	id           TEXT PRIMARY KEY,
	principal_id INTEGER NOT NULL REFERENCES principal (id) ON DELETE CASCADE,
	face         TEXT NOT NULL,
	address      TEXT NOT NULL,
	fingerprint  TEXT NOT NULL,
	certificate  TEXT NOT NULL,
	-- The process that has the session.
	holder       TEXT NOT NULL,
	begun_at     INTEGER NOT NULL,
	-- When somebody asked for the end of the session, and who.
	end_at       INTEGER NOT NULL DEFAULT 0,
	end_by       TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX session_holder ON session (holder);

-- What is said to everybody who has a console open.
CREATE TABLE session_notice (
	id   INTEGER PRIMARY KEY AUTOINCREMENT,
	text TEXT NOT NULL,
	at   INTEGER NOT NULL,
	by   TEXT NOT NULL
) STRICT;

-- +goose Down
SELECT 'a database is never taken back to before its first version';
