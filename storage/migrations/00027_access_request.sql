-- +goose Up

-- What people ask to be granted, and what became of it. It keeps its names and refers to nothing: people, roles and workspaces
-- go, and it still says who asked for what. The table request is another thing: the answers to changes that are made once.
CREATE TABLE access_request (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    requester_id  INTEGER NOT NULL,
    requester     TEXT    NOT NULL,
    requester_key TEXT    NOT NULL,
    kind          TEXT    NOT NULL CHECK (kind IN ('workspace-role', 'tenant-role', 'policy')),
    region        TEXT    NOT NULL, -- empty for a policy
    workspace_id  INTEGER NOT NULL, -- 0 unless the role is one of a workspace
    workspace     TEXT    NOT NULL,
    workspace_key TEXT    NOT NULL,
    role          TEXT    NOT NULL, -- the code of the role, or the name of the policy
    role_name     TEXT    NOT NULL,
    role_key      TEXT    NOT NULL,
    builtin       INTEGER NOT NULL,
    why           TEXT    NOT NULL,
    until         INTEGER NOT NULL DEFAULT 0, -- the end asked for; 0 for none
    lasts         INTEGER NOT NULL DEFAULT 0, -- or the seconds that the grant is to last; 0 for no length
    state         TEXT    NOT NULL CHECK (state IN ('pending', 'granted', 'refused', 'withdrawn', 'expired')),
    asked_at      INTEGER NOT NULL,
    expires_at    INTEGER NOT NULL,
    decided_at    INTEGER NOT NULL DEFAULT 0,
    decided_by    TEXT    NOT NULL DEFAULT '',
    note          TEXT    NOT NULL DEFAULT '',
    given         TEXT    NOT NULL DEFAULT '', -- the role that was granted, which may be another one
    given_name    TEXT    NOT NULL DEFAULT '',
    given_builtin INTEGER NOT NULL DEFAULT 0,
    given_until   INTEGER NOT NULL DEFAULT 0,
    version       INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE INDEX access_request_of ON access_request (requester_id, id);
CREATE INDEX access_request_due ON access_request (state, expires_at);
CREATE INDEX access_request_at ON access_request (workspace_id, id);

-- +goose Down
SELECT 'a database is never taken back to an earlier version';
