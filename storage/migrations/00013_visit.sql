-- +goose Up

-- On which days somebody was in a workspace, for the list of those used most.
CREATE TABLE visit (
    principal_id INTEGER NOT NULL REFERENCES principal (id) ON DELETE CASCADE,
    day          TEXT    NOT NULL,
    workspace_id INTEGER NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    PRIMARY KEY (principal_id, day, workspace_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX visit_day ON visit (day);
CREATE INDEX visit_workspace ON visit (workspace_id);

-- +goose Down
SELECT 'a database is never taken back to before its first version';
