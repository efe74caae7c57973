-- +goose Up

-- Every list of workspaces counts those that are not in the bin, and the console begins with one.
CREATE INDEX workspace_live ON workspace (region, name_key, id, deleted_at) WHERE deleted_at = 0;

-- +goose Down
SELECT 'a database is never taken back to before its first version';
