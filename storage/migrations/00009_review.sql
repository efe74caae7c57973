-- +goose Up

-- A review of access that was not used: what it found when it was started, and who decided what about it.
CREATE TABLE review (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    workspace_id INTEGER NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    days         INTEGER NOT NULL,
    started_at   INTEGER NOT NULL,
    started_by   INTEGER NOT NULL
) STRICT;
CREATE INDEX review_of ON review (workspace_id, id);

-- What was found keeps its names: people and roles go, and the review still says what it was about.
CREATE TABLE review_item (
    review_id    INTEGER NOT NULL REFERENCES review (id) ON DELETE CASCADE,
    number       INTEGER NOT NULL, -- from 1
    principal_id INTEGER NOT NULL,
    user_name    TEXT    NOT NULL,
    role_id      INTEGER NOT NULL, -- 0: a member without a role
    role_code    TEXT    NOT NULL,
    role_name    TEXT    NOT NULL,
    granted_at   INTEGER NOT NULL,
    last_used    INTEGER NOT NULL DEFAULT 0,
    decision     TEXT    NOT NULL DEFAULT '' CHECK (decision IN ('', 'keep', 'remove', 'until')),
    until        INTEGER NOT NULL DEFAULT 0,
    decided_at   INTEGER NOT NULL DEFAULT 0,
    decided_by   INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (review_id, number)
) STRICT, WITHOUT ROWID;

-- +goose Down
SELECT 'a database is never taken back to an earlier version';
