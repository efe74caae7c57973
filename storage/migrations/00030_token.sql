-- +goose Up

-- Tokens with which other programs ask who may do what. The token itself is nowhere: hash is the SHA-256 of 256 random bits.
CREATE TABLE token (
	name_key   TEXT PRIMARY KEY,
	name       TEXT NOT NULL,
	hash       BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
	used_for   TEXT NOT NULL,
	-- The scopes, with commas between them.
	scopes     TEXT NOT NULL,
	created_at INTEGER NOT NULL,
	created_by TEXT NOT NULL,
	until      INTEGER NOT NULL
) STRICT;

-- +goose Down
SELECT 'a database is never taken back to before its first version';
