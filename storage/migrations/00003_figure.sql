-- +goose Up

-- The key figures of workspaces. Days are in days and hours in hours since 1970-01-01 as the clocks of the workspace's region show
-- them. The times of events are in microseconds, for two of them within a second must not change places; 0 for none.

-- The namespaces that runs came from.
CREATE TABLE figure_namespace (
    id   INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
) STRICT;

-- What is known of single runs, for as long as their events are taken.
CREATE TABLE figure_run (
    id           INTEGER PRIMARY KEY,
    workspace_id INTEGER NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    namespace_id INTEGER NOT NULL REFERENCES figure_namespace (id),
    run_id       BLOB    NOT NULL,
    basis        INTEGER NOT NULL,
    start_at     INTEGER NOT NULL,
    state        INTEGER NOT NULL,
    end_at       INTEGER NOT NULL,
    last_at      INTEGER NOT NULL,
    hour         INTEGER NOT NULL -- in which the run is counted
) STRICT;
CREATE UNIQUE INDEX figure_run_once ON figure_run (workspace_id, namespace_id, run_id);
CREATE INDEX figure_run_last ON figure_run (last_at);

-- How many runs started in an hour. These stay when the runs are forgotten.
CREATE TABLE figure_hour (
    workspace_id INTEGER NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    hour         INTEGER NOT NULL,
    succeeded    INTEGER NOT NULL,
    failed       INTEGER NOT NULL, -- with those that were aborted
    aborted      INTEGER NOT NULL,
    running      INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, hour)
) STRICT, WITHOUT ROWID;

-- Plain figures for a day, as they were sent last.
CREATE TABLE figure_value (
    workspace_id INTEGER NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    day          INTEGER NOT NULL,
    metric       TEXT    NOT NULL,
    value        INTEGER NOT NULL,
    sent_at      INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, day, metric)
) STRICT, WITHOUT ROWID;

-- Which workspace the jobs of a namespace belong to, where its name does not say it.
CREATE TABLE figure_mapping (
    namespace    TEXT    PRIMARY KEY,
    workspace_id INTEGER NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    set_at       INTEGER NOT NULL,
    set_by       TEXT    NOT NULL
) STRICT;
CREATE INDEX figure_mapping_of ON figure_mapping (workspace_id);

CREATE TABLE figure_rule (
    id        INTEGER PRIMARY KEY CHECK (id = 1),
    keep_days INTEGER NOT NULL,
    cutoff    INTEGER NOT NULL
) STRICT;

CREATE TABLE figure_ingestion (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    kind      TEXT    NOT NULL,
    source    TEXT    NOT NULL,
    by_id     INTEGER NOT NULL,
    by_name   TEXT    NOT NULL,
    began_at  INTEGER NOT NULL,
    ended_at  INTEGER NOT NULL,
    stage     TEXT    NOT NULL,
    lines     INTEGER NOT NULL,
    taken     INTEGER NOT NULL,
    repeated  INTEGER NOT NULL,
    late      INTEGER NOT NULL,
    other     INTEGER NOT NULL,
    malformed INTEGER NOT NULL,
    unknown   INTEGER NOT NULL,
    refused   INTEGER NOT NULL
) STRICT;
CREATE INDEX figure_ingestion_by ON figure_ingestion (by_id, id);

CREATE TABLE figure_problem (
    ingestion_id INTEGER NOT NULL REFERENCES figure_ingestion (id) ON DELETE CASCADE,
    n            INTEGER NOT NULL,
    kind         TEXT    NOT NULL,
    line         INTEGER NOT NULL,
    reasons      TEXT    NOT NULL, -- with spaces between them
    text         TEXT    NOT NULL,
    count        INTEGER NOT NULL,
    PRIMARY KEY (ingestion_id, n)
) STRICT, WITHOUT ROWID;

-- The newest ingestion that brought anything for a workspace.
CREATE TABLE figure_touched (
    workspace_id INTEGER PRIMARY KEY REFERENCES workspace (id) ON DELETE CASCADE,
    ingestion_id INTEGER NOT NULL REFERENCES figure_ingestion (id)
) STRICT;
CREATE INDEX figure_touched_by ON figure_touched (ingestion_id);

-- +goose Down
SELECT 'a database is never taken back to before its first version';
