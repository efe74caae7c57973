-- +goose Up

-- The size of a group of an older type, as it was sold: 4/8 for 4 vCPU and 8 GiB.
ALTER TABLE resource_group ADD COLUMN spec TEXT NOT NULL DEFAULT '';

-- +goose Down
SELECT 'a database is never taken back to before its first version';
