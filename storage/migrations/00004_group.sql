-- +goose Up

-- Resource groups. A released one stays as a row, for what it used and cost; its name is free.
CREATE TABLE resource_group (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    region     TEXT    NOT NULL REFERENCES region (id),
    name       TEXT    NOT NULL,
    name_key   TEXT    NOT NULL,
    remark     TEXT    NOT NULL DEFAULT '',
    type       TEXT    NOT NULL,
    billing    TEXT    NOT NULL CHECK (billing IN ('subscription', 'pay-as-you-go')),
    size       INTEGER NOT NULL, -- CU; of pay-as-you-go the ceiling
    slots      INTEGER NOT NULL,
    status     TEXT    NOT NULL,
    problem    TEXT    NOT NULL DEFAULT '',
    vpc        TEXT    NOT NULL,
    vswitch    TEXT    NOT NULL,
    cidr       TEXT    NOT NULL DEFAULT '',
    expires_at INTEGER NOT NULL DEFAULT 0,
    auto_renew INTEGER NOT NULL DEFAULT 0 CHECK (auto_renew IN (0, 1)),
    busy_until INTEGER NOT NULL DEFAULT 0,
    release_at INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    created_by INTEGER NOT NULL,
    deleted_at INTEGER NOT NULL DEFAULT 0,
    version    INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE UNIQUE INDEX resource_group_name ON resource_group (region, name_key) WHERE deleted_at = 0;

-- Which workspaces let their work run in which groups.
CREATE TABLE resource_group_workspace (
    group_id     INTEGER NOT NULL REFERENCES resource_group (id),
    workspace_id INTEGER NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    at           INTEGER NOT NULL,
    by           INTEGER NOT NULL,
    PRIMARY KEY (group_id, workspace_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX resource_group_of_workspace ON resource_group_workspace (workspace_id, group_id);

-- What falls due of a group by itself, and when.
CREATE TABLE resource_group_due (
    group_id INTEGER NOT NULL REFERENCES resource_group (id),
    what     TEXT    NOT NULL,
    at       INTEGER NOT NULL,
    PRIMARY KEY (group_id, what)
) STRICT, WITHOUT ROWID;
CREATE INDEX resource_group_due_at ON resource_group_due (at);

-- +goose Down
SELECT 'a database is never taken back to before its first version';
