-- +goose Up

-- A data source of a workspace. Names are unique in any case.
CREATE TABLE source (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    workspace_id INTEGER NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    name         TEXT    NOT NULL,
    name_key     TEXT    NOT NULL,
    type         TEXT    NOT NULL,
    version      INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE UNIQUE INDEX source_name ON source (workspace_id, name_key);

-- How a source is reached from one environment. properties and stages are JSON; tested_at is 0 as long as nobody tried.
CREATE TABLE source_connection (
    source_id   INTEGER NOT NULL REFERENCES source (id) ON DELETE CASCADE,
    environment TEXT    NOT NULL,
    mode        TEXT    NOT NULL,
    properties  TEXT    NOT NULL,
    description TEXT    NOT NULL DEFAULT '',
    created_at  INTEGER NOT NULL,
    created_by  INTEGER NOT NULL REFERENCES principal (id),
    modified_at INTEGER NOT NULL,
    modified_by INTEGER NOT NULL REFERENCES principal (id),
    tested_at   INTEGER NOT NULL DEFAULT 0,
    tested_by   INTEGER REFERENCES principal (id),
    connected   INTEGER NOT NULL DEFAULT 0,
    stages      TEXT    NOT NULL DEFAULT '[]',
    PRIMARY KEY (source_id, environment)
) STRICT, WITHOUT ROWID;

-- +goose Down
SELECT 'a database is never taken back to before a version';
