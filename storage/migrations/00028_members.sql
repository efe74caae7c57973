-- +goose Up

-- The members of a workspace by when they were there last.
CREATE INDEX member_active ON member (workspace_id, active_at, principal_id);

-- Everybody of a kind.
CREATE INDEX principal_kind ON principal (kind, name_key);

-- +goose Down
SELECT 'a database is never taken back to an earlier version';
