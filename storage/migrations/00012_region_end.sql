-- +goose Up

-- When the region's edition ends unless it is renewed; 0 for never. An edition that has ended still counts during its grace.
ALTER TABLE region ADD COLUMN ends_at INTEGER NOT NULL DEFAULT 0;
CREATE INDEX region_ends ON region (ends_at) WHERE ends_at <> 0;

-- +goose Down
SELECT 'a database is never taken back to before its first version';
