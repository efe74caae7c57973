-- +goose Up

-- Where principals come from besides the console: LDAP servers.
CREATE TABLE directory_source (
    id               INTEGER PRIMARY KEY AUTOINCREMENT,
    name             TEXT    NOT NULL,
    name_key         TEXT    NOT NULL UNIQUE,
    settings         TEXT    NOT NULL, -- JSON; of the password only where it is read from
    vanished_may_act INTEGER NOT NULL DEFAULT 0,
    cookie           BLOB    NOT NULL DEFAULT x'', -- up to where the server was read, as it calls it
    synced_at        INTEGER NOT NULL DEFAULT 0,
    created_at       INTEGER NOT NULL,
    created_by       INTEGER NOT NULL,
    version          INTEGER NOT NULL DEFAULT 1 -- also raised by every sync
) STRICT;

-- status follows from disabled_at and vanished_at; it is a column of its own so that lists go by an index.
ALTER TABLE principal ADD COLUMN status TEXT NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'disabled', 'vanished'));
ALTER TABLE principal ADD COLUMN disabled_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE principal ADD COLUMN disabled_upstream INTEGER NOT NULL DEFAULT 0;
ALTER TABLE principal ADD COLUMN vanished_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE principal ADD COLUMN email TEXT NOT NULL DEFAULT '';
ALTER TABLE principal ADD COLUMN email_key TEXT NOT NULL DEFAULT '';
ALTER TABLE principal ADD COLUMN phone TEXT NOT NULL DEFAULT '';
-- What a directory source knows it by, and how groups there name it; 0 and empty for who was made in the console.
ALTER TABLE principal ADD COLUMN source_id INTEGER NOT NULL DEFAULT 0;
ALTER TABLE principal ADD COLUMN external_id TEXT NOT NULL DEFAULT '';
ALTER TABLE principal ADD COLUMN external_dn TEXT NOT NULL DEFAULT '';
CREATE UNIQUE INDEX principal_external ON principal (source_id, external_id) WHERE external_id <> '';
-- Those of one status or source by name, and everybody by status and by address.
CREATE INDEX principal_status_name ON principal (status, name_key);
CREATE INDEX principal_status ON principal (status);
CREATE INDEX principal_email ON principal (email_key);
CREATE INDEX principal_source ON principal (source_id, name_key);

-- Principals that were deleted. Their ids never name anybody else: grants and the audit say who acted by id.
CREATE TABLE principal_gone (
    id         INTEGER PRIMARY KEY,
    name       TEXT    NOT NULL,
    deleted_at INTEGER NOT NULL
) STRICT;

-- Public keys people sign in with. One key is one person's.
CREATE TABLE principal_key (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    principal_id INTEGER NOT NULL REFERENCES principal (id) ON DELETE CASCADE,
    type         TEXT    NOT NULL,
    key          TEXT    NOT NULL, -- base64, as in authorized_keys
    fingerprint  TEXT    NOT NULL UNIQUE,
    comment      TEXT    NOT NULL,
    added_at     INTEGER NOT NULL,
    added_by     INTEGER NOT NULL
) STRICT;
CREATE INDEX principal_key_of ON principal_key (principal_id, id);

-- The search index once more, with e-mail addresses.
DROP TABLE principal_text;
CREATE VIRTUAL TABLE principal_text USING fts5 (name, display_name, email, tokenize = 'trigram', content = '', contentless_delete = 1, detail = full);
INSERT INTO principal_text (rowid, name, display_name, email) SELECT id, name_key, display_key, '' FROM principal;

-- +goose Down
SELECT 'a database is never taken back to an earlier version';
