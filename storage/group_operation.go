package storage

import (
	"context"
	"database/sql"
	"time"

	"reeve/core/group"
)

// addShares reads the quotas of groups.
func (s Groups) addShares(ctx context.Context, found []group.Group, at map[group.ID]int, ids string) error {
	return each(ctx, s.db, "reading quotas", func(row scanner) error {
		var id group.ID
		var q group.Quota
		var most sql.NullInt64
		err := row.Scan(&id, &q.Module, &q.Min, &most)
		if err == nil {
			if most.Valid {
				n := int(most.Int64)
				q.Max = &n
			}
			found[at[id]].Shares = append(found[at[id]].Shares, q)
		}
		return err
	}, "SELECT group_id, module, min, max FROM resource_group_quota WHERE group_id IN (SELECT value FROM json_each(?)) ORDER BY group_id, module", ids)
}

// addNetworks reads the bindings of groups with their routes.
func (s Groups) addNetworks(ctx context.Context, found []group.Group, at map[group.ID]int, ids string) error {
	return each(ctx, s.db, "reading networks", func(row scanner) error {
		var id group.ID
		n := group.Network{Routes: []group.Route{}}
		var busy int64
		var route sql.NullInt64
		var cidr sql.NullString
		if err := row.Scan(&id, &n.ID, &n.Area, &n.VPC, &n.VSwitch, &n.CIDR, &n.Status, &busy, &route, &cidr); err != nil {
			return err
		}
		n.BusyUntil = momentOf(busy)
		g := &found[at[id]]
		if last := len(g.Networks) - 1; last < 0 || g.Networks[last].ID != n.ID {
			g.Networks = append(g.Networks, n)
		}
		if route.Valid {
			of := &g.Networks[len(g.Networks)-1]
			of.Routes = append(of.Routes, group.Route{ID: route.Int64, CIDR: cidr.String})
		}
		return nil
	}, `SELECT n.group_id, n.id, n.area, n.vpc, n.vswitch, n.cidr, n.status, n.busy_until, r.id, r.cidr FROM resource_group_network n
		LEFT JOIN resource_group_route r ON r.network_id = n.id WHERE n.group_id IN (SELECT value FROM json_each(?)) ORDER BY n.group_id, n.id, r.id`, ids)
}

// saveShares replaces the quotas of a group.
func (s Groups) saveShares(ctx context.Context, g group.Group) error {
	const doing = "changing quotas"
	if _, err := s.db.exec(ctx, doing, "DELETE FROM resource_group_quota WHERE group_id = ?", g.ID); err != nil {
		return err
	}
	for _, q := range g.Shares {
		most := sql.NullInt64{}
		if q.Max != nil {
			most = sql.NullInt64{Int64: int64(*q.Max), Valid: true}
		}
		if _, err := s.db.exec(ctx, doing, "INSERT INTO resource_group_quota (group_id, module, min, max) VALUES (?, ?, ?, ?)",
			g.ID, string(q.Module), q.Min, most); err != nil {
			return err
		}
	}
	return nil
}

// InsertNetwork adds a binding and returns it with its id.
func (s Groups) InsertNetwork(ctx context.Context, id group.ID, n group.Network) (group.Network, error) {
	var err error
	n.Routes = []group.Route{}
	n.ID, err = s.db.insertRow(ctx, "binding a VPC",
		"INSERT INTO resource_group_network (group_id, area, vpc, vswitch, cidr, status, busy_until) VALUES (?, ?, ?, ?, ?, ?, ?)",
		id, string(n.Area), n.VPC, n.VSwitch, n.CIDR, string(n.Status), unixOf(n.BusyUntil))
	return n, err
}

// UpdateNetwork writes the status of a binding, and removes it where that is empty.
func (s Groups) UpdateNetwork(ctx context.Context, n group.Network) error {
	const doing = "changing the binding of a VPC"
	if n.Status == "" {
		_, err := s.db.exec(ctx, doing, "DELETE FROM resource_group_network WHERE id = ?", n.ID)
		return err
	}
	_, err := s.db.exec(ctx, doing, "UPDATE resource_group_network SET status = ?, busy_until = ? WHERE id = ?", string(n.Status), unixOf(n.BusyUntil), n.ID)
	return err
}

// InsertRoute adds a route to a binding.
func (s Groups) InsertRoute(ctx context.Context, network int64, cidr string) (r group.Route, err error) {
	r.CIDR = cidr
	r.ID, err = s.db.insertRow(ctx, "adding a route", "INSERT INTO resource_group_route (network_id, cidr) VALUES (?, ?)", network, cidr)
	return r, err
}

// DeleteRoute takes a route away.
func (s Groups) DeleteRoute(ctx context.Context, id int64) error {
	_, err := s.db.exec(ctx, "removing a route", "DELETE FROM resource_group_route WHERE id = ?", id)
	return err
}

const orderColumns = "id, group_id, kind, state, size, months, price, at, by_id, by_name, done_at"

func scanOrder(row scanner) (o group.Order, err error) {
	var at, done int64
	err = row.Scan(&o.ID, &o.Group, &o.Kind, &o.State, &o.Size, &o.Months, &o.Price, &at, &o.ByID, &o.By, &done)
	o.At, o.DoneAt = moment(at), momentOf(done)
	return o, err
}

// InsertOrder adds an order and returns its id.
func (s Groups) InsertOrder(ctx context.Context, o group.Order) (int64, error) {
	return s.db.insertRow(ctx, "ordering", `INSERT INTO resource_group_order (group_id, kind, state, size, months, price, at, by_id, by_name, done_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, o.Group, string(o.Kind), string(o.State), o.Size, o.Months, int64(o.Price), unix(o.At), o.ByID, o.By, unixOf(o.DoneAt))
}

// UpdateOrder writes the state of an order and when it was done.
func (s Groups) UpdateOrder(ctx context.Context, o group.Order) error {
	_, err := s.db.exec(ctx, "changing an order", "UPDATE resource_group_order SET state = ?, done_at = ? WHERE id = ?", string(o.State), unixOf(o.DoneAt), o.ID)
	return err
}

// OpenOrder is the order of a group that is not done yet; ok is false if there is none.
func (s Groups) OpenOrder(ctx context.Context, id group.ID) (group.Order, bool, error) {
	return one(ctx, s.db, "reading an order", scanOrder, "SELECT "+orderColumns+" FROM resource_group_order WHERE group_id = ? AND state = 'open'", id)
}

// Orders are the orders of a group, newest first, at most most of them.
func (s Groups) Orders(ctx context.Context, id group.ID, most int) ([]group.Order, error) {
	return all(ctx, s.db, "reading orders", scanOrder, "SELECT "+orderColumns+" FROM resource_group_order WHERE group_id = ? ORDER BY id DESC LIMIT ?", id, most)
}

// AsUsed are the groups of all regions that are paid as they are used and not released.
func (s Groups) AsUsed(ctx context.Context) ([]group.Group, error) {
	return s.among(ctx, where{}.with("g.deleted_at = 0 AND g.billing = 'pay-as-you-go'"))
}

// Arrears is since when the account owes; the zero time for not.
func (s Groups) Arrears(ctx context.Context) (time.Time, error) {
	since, _, err := one(ctx, s.db, "reading arrears", value[int64], "SELECT since FROM resource_group_arrears WHERE id = 1")
	return moment(since), err
}

// SetArrears keeps since when the account owes.
func (s Groups) SetArrears(ctx context.Context, since time.Time) error {
	const doing = "keeping arrears"
	if since.IsZero() {
		_, err := s.db.exec(ctx, doing, "DELETE FROM resource_group_arrears")
		return err
	}
	_, err := s.db.exec(ctx, doing, "INSERT INTO resource_group_arrears (id, since) VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET since = excluded.since", unix(since))
	return err
}
