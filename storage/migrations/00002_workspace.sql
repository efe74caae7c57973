-- +goose Up

-- What a workspace is beside its name and mode: its state of ten, its settings, and what it is marked with.

-- The set of states that 00001 lets in is too narrow; the column is made anew with all that are not kept in deleted_at.
ALTER TABLE workspace ADD COLUMN state TEXT NOT NULL DEFAULT 'normal' CHECK (state IN ('initializing', 'init-failed', 'normal', 'updating',
    'update-failed', 'disabled', 'overdue', 'deleting', 'delete-failed'));
UPDATE workspace SET state = status;
ALTER TABLE workspace DROP COLUMN status;
ALTER TABLE workspace RENAME COLUMN state TO status;
-- The state that ends an overdue one brings back; empty for none.
ALTER TABLE workspace ADD COLUMN resumes_to TEXT NOT NULL DEFAULT '';

ALTER TABLE workspace ADD COLUMN is_default INTEGER NOT NULL DEFAULT 0 CHECK (is_default IN (0, 1));
ALTER TABLE workspace ADD COLUMN aliyun_group TEXT NOT NULL DEFAULT 'default'; -- of the cloud's resource management
ALTER TABLE workspace ADD COLUMN default_group_id INTEGER;                     -- of DataWorks

ALTER TABLE workspace ADD COLUMN new_data_studio INTEGER NOT NULL DEFAULT 0 CHECK (new_data_studio IN (0, 1));
ALTER TABLE workspace ADD COLUMN dev_role_disabled INTEGER NOT NULL DEFAULT 0 CHECK (dev_role_disabled IN (0, 1));
ALTER TABLE workspace ADD COLUMN pai_scheduling INTEGER NOT NULL DEFAULT 0 CHECK (pai_scheduling IN (0, 1));
ALTER TABLE workspace ADD COLUMN personal_dev_shutdown INTEGER NOT NULL DEFAULT 0; -- minutes, 0 for never

ALTER TABLE workspace ADD COLUMN periodic_scheduling INTEGER NOT NULL DEFAULT 1 CHECK (periodic_scheduling IN (0, 1));
ALTER TABLE workspace ADD COLUMN time_zone TEXT NOT NULL DEFAULT '';  -- empty: the region's
ALTER TABLE workspace ADD COLUMN cycle_time TEXT NOT NULL DEFAULT ''; -- HH:MM, empty: chosen at random
ALTER TABLE workspace ADD COLUMN rerun_policy TEXT NOT NULL DEFAULT 'all-allowed' CHECK (rerun_policy IN ('all-allowed', 'failure-allowed', 'all-denied'));
ALTER TABLE workspace ADD COLUMN reruns INTEGER NOT NULL DEFAULT 3 CHECK (reruns BETWEEN 1 AND 10);
ALTER TABLE workspace ADD COLUMN rerun_interval INTEGER NOT NULL DEFAULT 2 CHECK (rerun_interval BETWEEN 1 AND 30); -- minutes
ALTER TABLE workspace ADD COLUMN auto_parse INTEGER NOT NULL DEFAULT 1 CHECK (auto_parse IN (0, 1));

ALTER TABLE workspace ADD COLUMN download_select INTEGER NOT NULL DEFAULT 1 CHECK (download_select IN (0, 1));
ALTER TABLE workspace ADD COLUMN change_node_owner INTEGER NOT NULL DEFAULT 0 CHECK (change_node_owner IN (0, 1));

-- One default workspace to a region, in the bin or not.
CREATE UNIQUE INDEX workspace_default ON workspace (region) WHERE is_default = 1;

-- Where tasks on the shared resource group may connect to.
CREATE TABLE workspace_allowed (
    workspace_id INTEGER NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    position     INTEGER NOT NULL,
    address      TEXT    NOT NULL,
    PRIMARY KEY (workspace_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE workspace_tag (
    workspace_id INTEGER NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    tag          TEXT    NOT NULL,
    tag_key      TEXT    NOT NULL, -- folded, for filters
    value        TEXT    NOT NULL,
    value_key    TEXT    NOT NULL,
    PRIMARY KEY (workspace_id, tag)
) STRICT, WITHOUT ROWID;
CREATE INDEX workspace_tag_by_key ON workspace_tag (tag_key, value_key, workspace_id);

-- The project of development that belongs to an engine of a standard workspace; empty for engines without one.
ALTER TABLE engine ADD COLUMN dev_project TEXT NOT NULL DEFAULT '';

-- Where the modules of the platform are reached: one template of an address to a module.
CREATE TABLE module_link (
    module  TEXT PRIMARY KEY,
    url     TEXT    NOT NULL,
    version INTEGER NOT NULL DEFAULT 1
) STRICT, WITHOUT ROWID;

-- +goose Down
SELECT 'a database is never taken back to before a version';
