-- +goose Up

-- Setting a workspace up in one go. spec is what is wanted, as JSON.
CREATE TABLE bootstrap (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    region        TEXT    NOT NULL,
    workspace     TEXT    NOT NULL,
    spec          TEXT    NOT NULL,
    edition       INTEGER NOT NULL DEFAULT 1,
    created_at    INTEGER NOT NULL,
    created_by    INTEGER NOT NULL REFERENCES principal (id),
    modified_at   INTEGER NOT NULL,
    version       INTEGER NOT NULL DEFAULT 1
) STRICT;

-- How far each step is. said is JSON: what was found or what went wrong, as messages.
CREATE TABLE bootstrap_step (
    bootstrap_id INTEGER NOT NULL REFERENCES bootstrap (id) ON DELETE CASCADE,
    place        INTEGER NOT NULL,
    step         TEXT    NOT NULL,
    kind         TEXT    NOT NULL,
    part         INTEGER NOT NULL,
    name         TEXT    NOT NULL,
    state        TEXT    NOT NULL,
    problem      TEXT    NOT NULL DEFAULT '',
    said         TEXT    NOT NULL DEFAULT '[]',
    at           INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (bootstrap_id, place)
) STRICT, WITHOUT ROWID;

-- +goose Down
SELECT 'a database is never taken back to before a version';
