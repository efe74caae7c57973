-- +goose Up

-- account is that of the system as which the process behind a run runs: it, or root, can end what is left of it. left_at is when
-- somebody on the machine of a run that has ended is to end what is left of it; 0 for one that left nothing.
ALTER TABLE resource_group_run ADD COLUMN account TEXT NOT NULL DEFAULT '';
ALTER TABLE resource_group_run ADD COLUMN left_at INTEGER NOT NULL DEFAULT 0;
-- within is the run that started it; 0 for one that no run did.
ALTER TABLE resource_group_run ADD COLUMN within INTEGER NOT NULL DEFAULT 0;
CREATE INDEX resource_group_run_left ON resource_group_run (left_at) WHERE left_at <> 0;

-- +goose Down
SELECT 'a database is never taken back to before its first version';
