-- +goose Up

ALTER TABLE resource_group ADD COLUMN lends INTEGER NOT NULL DEFAULT 1; -- what is kept and idle may be used by others
ALTER TABLE resource_group ADD COLUMN used_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE resource_group ADD COLUMN reminded_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE resource_group ADD COLUMN arrears_since INTEGER NOT NULL DEFAULT 0;
ALTER TABLE resource_group ADD COLUMN suspended INTEGER NOT NULL DEFAULT 0;
UPDATE resource_group SET used_at = created_at;

-- The shares of modules; a module without a row has none. A max of NULL is no cap.
CREATE TABLE resource_group_quota (
    group_id INTEGER NOT NULL REFERENCES resource_group (id),
    module   TEXT    NOT NULL,
    min      INTEGER NOT NULL,
    max      INTEGER,
    PRIMARY KEY (group_id, module)
) STRICT, WITHOUT ROWID;

CREATE TABLE resource_group_network (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    group_id   INTEGER NOT NULL REFERENCES resource_group (id),
    area       TEXT    NOT NULL,
    vpc        TEXT    NOT NULL,
    vswitch    TEXT    NOT NULL,
    cidr       TEXT    NOT NULL DEFAULT '',
    status     TEXT    NOT NULL,
    busy_until INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX resource_group_network_of ON resource_group_network (group_id, id);
INSERT INTO resource_group_network (group_id, area, vpc, vswitch, cidr, status)
    SELECT id, 'general', vpc, vswitch, cidr, 'running' FROM resource_group;
INSERT INTO resource_group_network (group_id, area, vpc, vswitch, cidr, status)
    SELECT id, 'data-service', vpc, vswitch, cidr, 'running' FROM resource_group;

CREATE TABLE resource_group_route (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    network_id INTEGER NOT NULL REFERENCES resource_group_network (id) ON DELETE CASCADE,
    cidr       TEXT    NOT NULL
) STRICT;
CREATE INDEX resource_group_route_of ON resource_group_route (network_id, id);

-- What was ordered. price is in millionths of a dollar.
CREATE TABLE resource_group_order (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    group_id INTEGER NOT NULL REFERENCES resource_group (id),
    kind     TEXT    NOT NULL,
    state    TEXT    NOT NULL CHECK (state IN ('open', 'done', 'failed')),
    size     INTEGER NOT NULL,
    months   INTEGER NOT NULL,
    price    INTEGER NOT NULL,
    at       INTEGER NOT NULL,
    by_id    INTEGER NOT NULL,
    by_name  TEXT    NOT NULL,
    done_at  INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX resource_group_order_of ON resource_group_order (group_id, id);
CREATE UNIQUE INDEX resource_group_order_open ON resource_group_order (group_id) WHERE state = 'open';

-- Since when the account owes for what is paid as it is used; no row for not.
CREATE TABLE resource_group_arrears (
    id    INTEGER PRIMARY KEY CHECK (id = 1),
    since INTEGER NOT NULL
) STRICT;

-- What runs and waits. half is half CU, the smallest amount.
CREATE TABLE resource_group_work (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    group_id     INTEGER NOT NULL REFERENCES resource_group (id),
    workspace_id INTEGER NOT NULL,
    module       TEXT    NOT NULL,
    half         INTEGER NOT NULL,
    slot         INTEGER NOT NULL,
    running      INTEGER NOT NULL,
    at           INTEGER NOT NULL,
    by_name      TEXT    NOT NULL
) STRICT;
CREATE INDEX resource_group_work_of ON resource_group_work (group_id, id);

-- +goose Down
SELECT 'a database is never taken back to before its first version';
