-- +goose Up

-- Work that came to a resource group: waiting for its turn, running, or ended. The order of the ids is the order in which it
-- came. half is half CU, the smallest amount. A lease_until of 0 is of work that no process stands behind.
DROP TABLE resource_group_work;
CREATE TABLE resource_group_run (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    group_id     INTEGER NOT NULL REFERENCES resource_group (id),
    workspace_id INTEGER NOT NULL,
    module       TEXT    NOT NULL,
    half         INTEGER NOT NULL,
    slot         INTEGER NOT NULL CHECK (slot IN (0, 1)),
    name         TEXT    NOT NULL,
    state        TEXT    NOT NULL CHECK (state IN ('waiting', 'running', 'ended')),
    at           INTEGER NOT NULL,
    by_id        INTEGER NOT NULL,
    by_name      TEXT    NOT NULL,
    machine      TEXT    NOT NULL,
    token        TEXT    NOT NULL,
    limits       TEXT    NOT NULL DEFAULT '',
    lease_until  INTEGER NOT NULL DEFAULT 0,
    admitted_at  INTEGER NOT NULL DEFAULT 0,
    metered_at   INTEGER NOT NULL DEFAULT 0, -- until when it is metered
    half_seconds INTEGER NOT NULL DEFAULT 0, -- what it held: half CU times seconds
    cpu_ms       INTEGER NOT NULL DEFAULT 0, -- what it really used
    memory_mib   INTEGER NOT NULL DEFAULT 0, -- the most it used at once
    ended_at     INTEGER NOT NULL DEFAULT 0,
    outcome      TEXT    NOT NULL DEFAULT '',
    code         INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX resource_group_run_waiting ON resource_group_run (group_id, module, id) WHERE state = 'waiting';
CREATE INDEX resource_group_run_running ON resource_group_run (group_id, module, half, slot) WHERE state = 'running';
CREATE INDEX resource_group_run_of ON resource_group_run (group_id, id);
CREATE INDEX resource_group_run_ended ON resource_group_run (ended_at) WHERE state = 'ended';
CREATE INDEX resource_group_run_lease ON resource_group_run (lease_until) WHERE state <> 'ended' AND lease_until <> 0;

-- What work held and used, by the minute for a month, and by the hour for good. Both are added to at once.
CREATE TABLE resource_group_minute (
    group_id     INTEGER NOT NULL,
    minute       INTEGER NOT NULL, -- minutes since 1970-01-01 00:00 UTC
    module       TEXT    NOT NULL,
    workspace_id INTEGER NOT NULL,
    half_seconds INTEGER NOT NULL,
    slot_seconds INTEGER NOT NULL,
    cpu_ms       INTEGER NOT NULL,
    mib_seconds  INTEGER NOT NULL,
    PRIMARY KEY (group_id, minute, module, workspace_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE resource_group_hour (
    group_id     INTEGER NOT NULL,
    hour         INTEGER NOT NULL, -- hours since 1970-01-01 00:00 UTC
    module       TEXT    NOT NULL,
    workspace_id INTEGER NOT NULL,
    half_seconds INTEGER NOT NULL,
    slot_seconds INTEGER NOT NULL,
    cpu_ms       INTEGER NOT NULL,
    mib_seconds  INTEGER NOT NULL,
    PRIMARY KEY (group_id, hour, module, workspace_id)
) STRICT, WITHOUT ROWID;

-- What a group's limits were from a time on: a row for each change. quota is JSON.
CREATE TABLE resource_group_limits (
    group_id INTEGER NOT NULL REFERENCES resource_group (id),
    at       INTEGER NOT NULL,
    size     INTEGER NOT NULL,
    slots    INTEGER NOT NULL,
    quota    TEXT    NOT NULL,
    PRIMARY KEY (group_id, at)
) STRICT, WITHOUT ROWID;
INSERT INTO resource_group_limits (group_id, at, size, slots, quota)
    SELECT g.id, g.created_at, g.size, g.slots, coalesce((SELECT json_group_array(json_object('module', q.module, 'min', q.min, 'max', q.max))
        FROM resource_group_quota q WHERE q.group_id = g.id), '[]') FROM resource_group g;

-- +goose Down
SELECT 'a database is never taken back to before its first version';
