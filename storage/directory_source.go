package storage

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"reeve/core/access"
	"reeve/core/directory"
	"reeve/core/fault"
	"reeve/core/text"
)

var _ directory.SourceStore = Directory{}

const sourceColumns = `s.id, s.name, s.settings, s.vanished_may_act, s.cookie, s.synced_at, s.created_at, ` + everOf + "s.created_by" + orNobody + `, s.version,
	(SELECT count(*) FROM principal p WHERE p.source_id = s.id AND p.kind <> 'group'),
	(SELECT count(*) FROM principal p WHERE p.source_id = s.id AND p.kind = 'group'),
	(SELECT count(*) FROM principal p WHERE p.source_id = s.id AND p.status = 'vanished')`

const fromSources = " FROM directory_source s"

func scanSource(row scanner) (s directory.Source, err error) {
	var settings []byte
	var synced, created int64
	if err = row.Scan(&s.ID, &s.Name, &settings, &s.VanishedMayAct, &s.Cookie, &synced, &created, &s.CreatedBy, &s.Version,
		&s.Users, &s.UserGroup, &s.Vanished); err != nil {
		return s, err
	}
	s.SyncedAt, s.CreatedAt = momentOf(synced), moment(created)
	if err = json.Unmarshal(settings, &s.Settings); err != nil {
		err = fmt.Errorf("reading the settings of the source %s: %w", s.Name, err)
	}
	return s, err
}

// AllSources lists the sources by name.
func (s Directory) AllSources(ctx context.Context) ([]directory.Source, error) {
	return all(ctx, s.db, "listing directory sources", scanSource, "SELECT "+sourceColumns+fromSources+" ORDER BY s.name_key")
}

// Source finds a source by name; fault.NotFound (what: directory_source) with near names otherwise.
func (s Directory) Source(ctx context.Context, name string) (src directory.Source, err error) {
	err = s.db.Read(ctx, func(ctx context.Context) error {
		const doing = "reading a directory source"
		found, ok, err := one(ctx, s.db, doing, scanSource, "SELECT "+sourceColumns+fromSources+" WHERE s.name_key = ?", text.Fold(name))
		if err != nil || ok {
			src = found
			return err
		}
		names, err := all(ctx, s.db, doing, value[string], "SELECT name FROM directory_source")
		return orMissing(err, &fault.NotFound{What: "directory_source", Name: name, Nearest: text.Nearest(name, names, nearNames)})
	})
	return src, err
}

// InsertSource makes the record and returns it.
func (s Directory) InsertSource(ctx context.Context, in directory.Source) (directory.Source, error) {
	settings, err := json.Marshal(in.Settings)
	if err != nil {
		return in, fmt.Errorf("writing down the settings of a source: %w", err)
	}
	by, err := s.db.named(ctx, in.CreatedBy)
	if err != nil {
		return in, err
	}
	if _, err := s.db.insertRow(ctx, "adding a directory source", `INSERT INTO directory_source
		(name, name_key, settings, vanished_may_act, created_at, created_by) VALUES (?, ?, ?, ?, ?, ?)`,
		in.Name, text.Fold(in.Name), string(settings), in.VanishedMayAct, unix(in.CreatedAt), by.ID); err != nil {
		return in, err
	}
	return s.Source(ctx, in.Name)
}

// UpdateSource writes the settings of a source if it still is version; otherwise ok is false.
func (s Directory) UpdateSource(ctx context.Context, in directory.Source, version int64) (ok bool, err error) {
	settings, err := json.Marshal(in.Settings)
	if err != nil {
		return false, fmt.Errorf("writing down the settings of a source: %w", err)
	}
	n, err := s.db.exec(ctx, "changing a directory source",
		"UPDATE directory_source SET settings = ?, vanished_may_act = ?, cookie = x'', version = version + 1 WHERE id = ? AND version = ?",
		string(settings), in.VanishedMayAct, in.ID, version)
	return n > 0, err
}

// DeleteSource takes a source away. Who came from it stays as if made here; who vanished is disabled since then.
func (s Directory) DeleteSource(ctx context.Context, id int64) error {
	const doing = "removing a directory source"
	for _, query := range []string{
		`UPDATE principal SET status = CASE WHEN vanished_at <> 0 OR disabled_at <> 0 THEN 'disabled' ELSE 'active' END,
			disabled_at = CASE WHEN disabled_at = 0 THEN vanished_at ELSE disabled_at END, vanished_at = 0, disabled_upstream = 0,
			source_id = 0, external_id = '', external_dn = '', version = version + 1 WHERE source_id = ?1`,
		"DELETE FROM directory_source WHERE id = ?1",
	} {
		if _, err := s.db.exec(ctx, doing, query, id); err != nil {
			return err
		}
	}
	return nil
}

// Stand reads what a reading of a source is compared with.
func (s Directory) Stand(ctx context.Context, source int64) (st directory.Stand, err error) {
	const doing = "reading who came from a source"
	err = s.db.Read(ctx, func(ctx context.Context) error {
		st = directory.Stand{Names: map[string]access.PrincipalID{}}
		if st.Known, err = all(ctx, s.db, doing, func(row scanner) (k directory.Known, err error) {
			var disabled int64
			var upstream, vanished bool
			err = row.Scan(&k.ID, &k.Entry.ID, &k.DN, &k.Name, &k.DisplayName, &k.Email, &k.Phone, &k.Group, &disabled, &upstream, &vanished)
			k.Disabled, k.Here, k.Vanished = disabled != 0, disabled != 0 && !upstream, vanished
			return k, err
		}, `SELECT id, external_id, external_dn, name, display_name, email, phone, kind = 'group', disabled_at, disabled_upstream, vanished_at <> 0
			FROM principal WHERE source_id = ? AND external_id <> '' ORDER BY id`, source); err != nil {
			return err
		}
		at := make(map[access.PrincipalID]int, len(st.Known))
		for i, k := range st.Known {
			at[k.ID] = i
		}
		if err := each(ctx, s.db, doing, func(row scanner) error {
			var group, member access.PrincipalID
			err := row.Scan(&group, &member)
			st.Known[at[group]].Members = append(st.Known[at[group]].Members, member)
			return err
		}, `SELECT m.group_id, m.principal_id FROM principal g JOIN group_member m ON m.group_id = g.id JOIN principal p ON p.id = m.principal_id
			WHERE g.source_id = ?1 AND g.kind = 'group' AND p.source_id = ?1 ORDER BY 1, 2`, source); err != nil {
			return err
		}
		return each(ctx, s.db, doing, func(row scanner) error {
			var id access.PrincipalID
			var name string
			err := row.Scan(&id, &name)
			st.Names[name] = id
			return err
		}, "SELECT id, name_key FROM principal")
	})
	return st, err
}

// ApplyPlan makes the principals as a plan says, if the source still has the version it had; otherwise ok is false.
func (s Directory) ApplyPlan(ctx context.Context, src directory.Source, p directory.Plan, cookie []byte, by access.PrincipalID, at time.Time) (ok bool, err error) {
	if cookie == nil {
		cookie = []byte{}
	}
	n, err := s.db.exec(ctx, "syncing a directory source",
		"UPDATE directory_source SET cookie = ?, synced_at = ?, version = version + 1 WHERE id = ? AND version = ?", cookie, unix(at), src.ID, src.Version)
	if err != nil || n == 0 {
		return false, err
	}
	a := applying{Directory: s, source: src.ID, by: by, at: at, fresh: map[string]access.PrincipalID{}}
	for _, step := range []func(context.Context, directory.Plan) error{a.vanish, a.change, a.add, a.members} {
		if err := step(ctx, p); err != nil {
			return false, err
		}
	}
	return true, nil
}

// applying is a plan under way.
type applying struct {
	Directory
	source int64
	by     access.PrincipalID
	at     time.Time
	fresh  map[string]access.PrincipalID // who is new, by what the source knows them by
}

const applyingPlan = "applying a sync"

func (a applying) vanish(ctx context.Context, p directory.Plan) error {
	ids := make([]access.PrincipalID, len(p.Vanish))
	for i, k := range p.Vanish {
		ids[i] = k.ID
	}
	_, err := a.db.exec(ctx, applyingPlan, "UPDATE principal SET status = 'vanished', vanished_at = ?, version = version + 1 WHERE id IN (SELECT value FROM json_each(?))",
		unix(a.at), set(ids))
	return err
}

// change writes entries that differ. Names may go round in a circle, so that all are put aside before the first is given.
func (a applying) change(ctx context.Context, p directory.Plan) error {
	var renamed []access.PrincipalID
	for _, c := range p.Change {
		if c.Known.Name != c.Now.Name {
			renamed = append(renamed, c.Known.ID)
		}
	}
	if len(renamed) > 0 {
		if _, err := a.db.exec(ctx, applyingPlan, "UPDATE principal SET name_key = char(1) || id WHERE id IN (SELECT value FROM json_each(?))", set(renamed)); err != nil {
			return err
		}
	}
	for _, c := range p.Change {
		if err := a.changeOne(ctx, c); err != nil {
			return err
		}
	}
	return nil
}

func (a applying) changeOne(ctx context.Context, c directory.Changed) error {
	e, id := c.Now, c.Known.ID
	disabled := int64(0)
	if e.Disabled {
		disabled = unix(a.at)
	}
	// Who is disabled by somebody here stays so whatever the source says, and who was disabled upstream keeps the time.
	if _, err := a.db.exec(ctx, applyingPlan, `UPDATE principal SET name = ?1, name_key = ?2, display_name = ?3, display_key = ?4, email = ?5, email_key = ?6, phone = ?7,
		external_dn = ?8, vanished_at = 0, version = version + 1,
		disabled_at = CASE WHEN ?9 <> 0 AND disabled_at <> 0 THEN disabled_at WHEN disabled_at <> 0 AND NOT disabled_upstream THEN disabled_at ELSE ?9 END,
		disabled_upstream = CASE WHEN disabled_at <> 0 AND NOT disabled_upstream THEN 0 ELSE ?9 <> 0 END WHERE id = ?10`,
		e.Name, text.Fold(e.Name), e.DisplayName, text.Fold(e.DisplayName), e.Email, text.Fold(e.Email), e.Phone, e.DN, disabled, id); err != nil {
		return err
	}
	if _, err := a.db.exec(ctx, applyingPlan, "UPDATE principal SET status = "+statusOf+" WHERE id = ?", id); err != nil {
		return err
	}
	if c.Known.Name != e.Name {
		if _, err := a.db.exec(ctx, applyingPlan, "UPDATE member SET name_key = ? WHERE principal_id = ?", text.Fold(e.Name), id); err != nil {
			return err
		}
	}
	return a.index(ctx, id)
}

// add makes who is new, many with each statement: a first sync brings everybody at once.
func (a applying) add(ctx context.Context, p directory.Plan) (err error) {
	next, _, err := one(ctx, a.db, applyingPlan, value[access.PrincipalID], "SELECT "+nextPrincipal)
	if err != nil {
		return err
	}
	rows := newLoader(a.db, `principal (id, name, name_key, display_name, display_key, email, email_key, phone, kind, source_id, external_id, external_dn,
		disabled_at, disabled_upstream, status, created_at)`, "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
	texts := newLoader(a.db, "principal_text (rowid, name, display_name, email)", "(?, ?, ?, ?)")
	defer func() { err = errors.Join(err, rows.close(), texts.close()) }()
	for _, kind := range []struct {
		is      directory.Kind
		entries []directory.Entry
	}{{directory.RAMUser, p.Add}, {directory.UserGroup, p.AddGroups}} {
		for _, e := range kind.entries {
			disabled, status := int64(0), directory.Active
			if e.Disabled {
				disabled, status = unix(a.at), directory.Disabled
			}
			name, display, email := text.Fold(e.Name), text.Fold(e.DisplayName), text.Fold(e.Email)
			if err := errors.Join(
				rows.add(ctx, next, e.Name, name, e.DisplayName, display, e.Email, email, e.Phone, string(kind.is), a.source, e.ID, e.DN,
					disabled, e.Disabled, string(status), unix(a.at)),
				texts.add(ctx, next, name, display, email)); err != nil {
				return a.db.fail(applyingPlan, err)
			}
			a.fresh[e.ID] = next
			next++
		}
	}
	return a.db.fail(applyingPlan, errors.Join(rows.flush(ctx), texts.flush(ctx)))
}

func (a applying) members(ctx context.Context, p directory.Plan) error {
	for _, m := range p.Members {
		group, add := m.Group, slices.Clone(m.Add)
		if group == 0 {
			group = a.fresh[m.NewGroup]
		}
		for _, id := range m.AddNew {
			add = append(add, a.fresh[id])
		}
		if _, err := a.db.exec(ctx, applyingPlan, "DELETE FROM group_member WHERE group_id = ? AND principal_id IN (SELECT value FROM json_each(?))",
			group, set(m.Remove)); err != nil {
			return err
		}
		if _, err := a.db.exec(ctx, applyingPlan, `INSERT INTO group_member (group_id, principal_id, added_at, added_by)
			SELECT ?, value, ?, ? FROM json_each(?) WHERE true ON CONFLICT DO NOTHING`, group, unix(a.at), a.by, set(add)); err != nil {
			return err
		}
		if _, err := a.db.exec(ctx, applyingPlan, "UPDATE principal SET version = version + 1 WHERE id = ?", group); err != nil {
			return err
		}
	}
	return nil
}
