-- +goose Up

-- Times are unix seconds in UTC, 0 for none. *_key columns hold a name as it is compared: lower case.

CREATE TABLE tenant (
    id         INTEGER PRIMARY KEY CHECK (id = 1),
    name       TEXT    NOT NULL,
    owner_id   INTEGER NOT NULL,
    policy     TEXT    NOT NULL DEFAULT 'additive' CHECK (policy IN ('additive', 'strict')),
    created_at INTEGER NOT NULL,
    version    INTEGER NOT NULL DEFAULT 1
) STRICT;

-- One row: the number of the current state. It is raised by every change and read by every decision.
CREATE TABLE revision (
    id    INTEGER PRIMARY KEY CHECK (id = 1),
    value INTEGER NOT NULL
) STRICT;
INSERT INTO revision (id, value) VALUES (1, 0);

CREATE TABLE principal (
    id           INTEGER PRIMARY KEY,
    name         TEXT    NOT NULL,
    name_key     TEXT    NOT NULL UNIQUE,
    display_name TEXT    NOT NULL DEFAULT '',
    display_key  TEXT    NOT NULL DEFAULT '',
    kind         TEXT    NOT NULL CHECK (kind IN ('account', 'ram-user', 'ram-role', 'group')),
    os_user      TEXT    UNIQUE,
    created_at   INTEGER NOT NULL,
    version      INTEGER NOT NULL DEFAULT 1 -- of a group also raised when its members change
) STRICT;
CREATE INDEX principal_created ON principal (created_at, id);
-- The account stands above all workspaces and the groups are few: every decision reads the one, and lists the others.
CREATE INDEX principal_account ON principal (id) WHERE kind = 'account';
CREATE INDEX principal_group ON principal (name_key) WHERE kind = 'group';

-- Who is in which user group. A group holds no group.
CREATE TABLE group_member (
    group_id     INTEGER NOT NULL REFERENCES principal (id),
    principal_id INTEGER NOT NULL REFERENCES principal (id),
    added_at     INTEGER NOT NULL,
    added_by     INTEGER NOT NULL,
    PRIMARY KEY (group_id, principal_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX group_member_of ON group_member (principal_id, group_id);

-- Activated regions only; the list of all regions is data of the program.
CREATE TABLE region (
    id           TEXT PRIMARY KEY,
    edition      TEXT    NOT NULL,
    activated_at INTEGER NOT NULL,
    version      INTEGER NOT NULL DEFAULT 1
) STRICT;

CREATE TABLE workspace (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    region        TEXT    NOT NULL REFERENCES region (id),
    name          TEXT    NOT NULL,
    name_key      TEXT    NOT NULL,
    display_name  TEXT    NOT NULL,
    display_key   TEXT    NOT NULL,
    description   TEXT    NOT NULL DEFAULT '',
    mode          TEXT    NOT NULL CHECK (mode IN ('simple', 'standard')),
    template      TEXT    NOT NULL,
    status        TEXT    NOT NULL CHECK (status IN ('normal', 'disabled')),
    owner_id      INTEGER NOT NULL REFERENCES principal (id),
    created_at    INTEGER NOT NULL,
    created_by    INTEGER NOT NULL REFERENCES principal (id),
    deleted_at    INTEGER NOT NULL DEFAULT 0, -- not 0: in the bin until purge_at
    purge_at      INTEGER NOT NULL DEFAULT 0,
    version       INTEGER NOT NULL DEFAULT 1
) STRICT;
-- A name is reserved while its workspace is in the bin, so the index does not look at deleted_at.
CREATE UNIQUE INDEX workspace_name ON workspace (region, name_key);
CREATE INDEX workspace_by_name ON workspace (name_key, id);
CREATE INDEX workspace_created ON workspace (region, created_at, id);
CREATE INDEX workspace_by_created ON workspace (created_at, id);
CREATE INDEX workspace_bin ON workspace (purge_at) WHERE deleted_at <> 0;

CREATE TABLE member (
    workspace_id INTEGER NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    principal_id INTEGER NOT NULL REFERENCES principal (id),
    name_key     TEXT    NOT NULL, -- the principal's, so that a page of members by name is one walk over one index
    added_at     INTEGER NOT NULL,
    added_by     INTEGER NOT NULL,
    active_at    INTEGER NOT NULL DEFAULT 0,
    version      INTEGER NOT NULL DEFAULT 1,
    PRIMARY KEY (workspace_id, principal_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX member_by_name ON member (workspace_id, name_key, principal_id);
CREATE INDEX member_added ON member (workspace_id, added_at, principal_id);
CREATE INDEX member_of ON member (principal_id, workspace_id);

-- Custom roles; the built-in ones are data of the program, with ids under 1000.
CREATE TABLE role (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    workspace_id INTEGER NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    name         TEXT    NOT NULL,
    name_key     TEXT    NOT NULL,
    code         TEXT    NOT NULL UNIQUE,
    created_at   INTEGER NOT NULL,
    created_by   INTEGER NOT NULL,
    modified_at  INTEGER NOT NULL,
    modified_by  INTEGER NOT NULL,
    version      INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE UNIQUE INDEX role_name ON role (workspace_id, name_key);
INSERT INTO sqlite_sequence (name, seq) VALUES ('role', 999);

CREATE TABLE role_module (
    role_id INTEGER NOT NULL REFERENCES role (id) ON DELETE CASCADE,
    module  TEXT    NOT NULL,
    level   TEXT    NOT NULL CHECK (level IN ('none', 'read', 'write')),
    PRIMARY KEY (role_id, module)
) STRICT, WITHOUT ROWID;

CREATE TABLE role_grant (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    workspace_id INTEGER NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    principal_id INTEGER NOT NULL,
    role_id      INTEGER NOT NULL,
    granted_at   INTEGER NOT NULL,
    granted_by   INTEGER NOT NULL,
    until        INTEGER NOT NULL DEFAULT 0, -- 0: open ended
    FOREIGN KEY (workspace_id, principal_id) REFERENCES member (workspace_id, principal_id) ON DELETE CASCADE
) STRICT;
CREATE UNIQUE INDEX role_grant_once ON role_grant (workspace_id, principal_id, role_id);
CREATE INDEX role_grant_holders ON role_grant (workspace_id, role_id, principal_id);
CREATE INDEX role_grant_until ON role_grant (until) WHERE until <> 0;

-- Custom tenant roles, each in one region; the built-in ones are data of the program, with ids under 1000.
CREATE TABLE tenant_role (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    region      TEXT    NOT NULL REFERENCES region (id),
    name        TEXT    NOT NULL,
    name_key    TEXT    NOT NULL,
    code        TEXT    NOT NULL UNIQUE,
    created_at  INTEGER NOT NULL,
    created_by  INTEGER NOT NULL,
    modified_at INTEGER NOT NULL,
    modified_by INTEGER NOT NULL,
    version     INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE UNIQUE INDEX tenant_role_name ON tenant_role (region, name_key);
INSERT INTO sqlite_sequence (name, seq) VALUES ('tenant_role', 999);

CREATE TABLE tenant_role_capability (
    role_id    INTEGER NOT NULL REFERENCES tenant_role (id) ON DELETE CASCADE,
    capability TEXT    NOT NULL,
    PRIMARY KEY (role_id, capability)
) STRICT, WITHOUT ROWID;

CREATE TABLE tenant_grant (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    region       TEXT    NOT NULL REFERENCES region (id),
    principal_id INTEGER NOT NULL REFERENCES principal (id),
    role_id      INTEGER NOT NULL,
    granted_at   INTEGER NOT NULL,
    granted_by   INTEGER NOT NULL,
    until        INTEGER NOT NULL DEFAULT 0 -- 0: open ended
) STRICT;
CREATE UNIQUE INDEX tenant_grant_once ON tenant_grant (region, principal_id, role_id);
CREATE INDEX tenant_grant_holders ON tenant_grant (region, role_id, principal_id);

-- Custom policies; the system policies are data of the program, with ids under 1000.
CREATE TABLE policy (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    name        TEXT    NOT NULL,
    name_key    TEXT    NOT NULL UNIQUE,
    document    TEXT    NOT NULL, -- JSON
    created_at  INTEGER NOT NULL,
    created_by  INTEGER NOT NULL,
    modified_at INTEGER NOT NULL,
    modified_by INTEGER NOT NULL,
    version     INTEGER NOT NULL DEFAULT 1
) STRICT;
INSERT INTO sqlite_sequence (name, seq) VALUES ('policy', 999);

CREATE TABLE policy_attachment (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    principal_id INTEGER NOT NULL REFERENCES principal (id),
    policy_id    INTEGER NOT NULL,
    attached_at  INTEGER NOT NULL,
    attached_by  INTEGER NOT NULL,
    until        INTEGER NOT NULL DEFAULT 0 -- 0: open ended
) STRICT;
CREATE UNIQUE INDEX policy_attachment_once ON policy_attachment (principal_id, policy_id);
-- Also the few who are powerful: every decision reads them.
CREATE INDEX policy_attachment_of ON policy_attachment (policy_id, principal_id);

CREATE TABLE engine (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    workspace_id  INTEGER NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    name          TEXT    NOT NULL,
    name_key      TEXT    NOT NULL,
    type          TEXT    NOT NULL,
    dev_identity  TEXT    NOT NULL DEFAULT '',
    prod_identity TEXT    NOT NULL DEFAULT '',
    version       INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE UNIQUE INDEX engine_name ON engine (workspace_id, name_key);

-- The role of an engine that the holders of a custom role have.
CREATE TABLE engine_mapping (
    engine_id   INTEGER NOT NULL REFERENCES engine (id) ON DELETE CASCADE,
    role_id     INTEGER NOT NULL REFERENCES role (id) ON DELETE CASCADE,
    engine_role TEXT    NOT NULL,
    PRIMARY KEY (engine_id, role_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX engine_mapping_role ON engine_mapping (role_id);

-- The account of an engine that a member works with.
CREATE TABLE account_mapping (
    engine_id    INTEGER NOT NULL REFERENCES engine (id) ON DELETE CASCADE,
    principal_id INTEGER NOT NULL REFERENCES principal (id),
    account      TEXT    NOT NULL,
    PRIMARY KEY (engine_id, principal_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE audit (
    seq          INTEGER PRIMARY KEY,
    at           INTEGER NOT NULL,
    actor_id     INTEGER NOT NULL,
    actor        TEXT    NOT NULL,
    actor_key    TEXT    NOT NULL,
    face         TEXT    NOT NULL,
    address      TEXT    NOT NULL,
    session      TEXT    NOT NULL,
    request      TEXT    NOT NULL,
    action       TEXT    NOT NULL,
    outcome      TEXT    NOT NULL,
    region       TEXT    NOT NULL,
    workspace_id INTEGER NOT NULL,
    workspace    TEXT    NOT NULL,
    target_kind  TEXT    NOT NULL,
    target       TEXT    NOT NULL,
    target_key   TEXT    NOT NULL,
    before       TEXT,
    after        TEXT,
    prev         BLOB    NOT NULL,
    hash         BLOB    NOT NULL
) STRICT;
CREATE INDEX audit_actor ON audit (actor_id, seq);
CREATE INDEX audit_workspace ON audit (workspace_id, seq);
CREATE INDEX audit_at ON audit (at, seq);

CREATE TABLE request (
    id       TEXT PRIMARY KEY,
    actor_id INTEGER NOT NULL,
    action   TEXT    NOT NULL,
    target   TEXT    NOT NULL,
    result   BLOB    NOT NULL,
    at       INTEGER NOT NULL
) STRICT;

-- Substring search, three characters and more; shorter ones scan. The text is that of the row with the same rowid.
CREATE VIRTUAL TABLE workspace_text USING fts5 (name, display_name, tokenize = 'trigram', content = '', contentless_delete = 1, detail = full);
CREATE VIRTUAL TABLE principal_text USING fts5 (name, display_name, tokenize = 'trigram', content = '', contentless_delete = 1, detail = full);
CREATE VIRTUAL TABLE audit_text USING fts5 (actor, action, region, workspace, target, tokenize = 'trigram', content = '', contentless_delete = 1, detail = full);

-- +goose Down
SELECT 'a database is never taken back to before its first version';
