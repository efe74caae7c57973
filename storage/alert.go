package storage

import (
	"context"

	"reeve/core/alert"
)

// Alerts keeps the alert resources of regions.
type Alerts struct{ Places }

var _ alert.Store = Alerts{}

// NewAlerts makes the store.
func NewAlerts(db *DB) Alerts { return Alerts{Places{db}} }

// Limit is the limit of a channel; Unlimited with version 0 if none was ever set.
func (s Alerts) Limit(ctx context.Context, region string, c alert.Channel) (alert.Limit, error) {
	l, ok, err := one(ctx, s.db, "reading a limit of alerts", func(row scanner) (l alert.Limit, err error) {
		err = row.Scan(&l.PerDay, &l.Version)
		return l, err
	}, "SELECT per_day, version FROM alert_limit WHERE region = ? AND channel = ?", region, string(c))
	if err == nil && !ok {
		l.PerDay = alert.Unlimited
	}
	return l, err
}

// SetLimit keeps a limit if the stored version still is l.Version; otherwise ok is false.
func (s Alerts) SetLimit(ctx context.Context, region string, c alert.Channel, l alert.Limit) (ok bool, err error) {
	const doing = "limiting alerts"
	var n int64
	if l.Version == 0 {
		n, err = s.db.exec(ctx, doing, "INSERT INTO alert_limit (region, channel, per_day) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
			region, string(c), l.PerDay)
	} else {
		n, err = s.db.exec(ctx, doing, "UPDATE alert_limit SET per_day = ?, version = version + 1 WHERE region = ? AND channel = ? AND version = ?",
			l.PerDay, region, string(c), l.Version)
	}
	return n == 1, err
}

// Sent counts what was sent on the days from first to last, both included, by module.
func (s Alerts) Sent(ctx context.Context, region, first, last string) ([]alert.Sent, error) {
	return all(ctx, s.db, "counting alerts", func(row scanner) (n alert.Sent, err error) {
		err = row.Scan(&n.Channel, &n.Module, &n.Count)
		return n, err
	}, `SELECT channel, module, sum(count) FROM alert_sent WHERE region = ? AND day BETWEEN ? AND ?
		GROUP BY channel, module ORDER BY channel, module`, region, first, last)
}

// Add counts more sent on a day.
func (s Alerts) Add(ctx context.Context, region, day string, n alert.Sent) error {
	_, err := s.db.exec(ctx, "counting alerts", `INSERT INTO alert_sent (region, day, channel, module, count) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (region, day, channel, module) DO UPDATE SET count = count + excluded.count`, region, day, string(n.Channel), n.Module, n.Count)
	return err
}
