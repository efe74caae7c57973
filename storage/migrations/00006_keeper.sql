-- +goose Up

-- One row while a process moves what is due: which, and until when.
CREATE TABLE keeper_lease (
    id     INTEGER PRIMARY KEY CHECK (id = 1),
    holder TEXT    NOT NULL,
    until  INTEGER NOT NULL
) STRICT;

-- The areas whose work failed at the last try.
CREATE TABLE keeper_trouble (
    area     TEXT PRIMARY KEY,
    error    TEXT    NOT NULL,
    times    INTEGER NOT NULL,
    since    INTEGER NOT NULL,
    retry_at INTEGER NOT NULL
) STRICT;

-- +goose Down
SELECT 'a database is never taken back to before its first version';
