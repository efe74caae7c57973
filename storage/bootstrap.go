package storage

import (
	"context"
	"encoding/json"
	"strconv"

	"reeve/core/access"
	"reeve/core/bootstrap"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/text"
)

// Bootstraps keeps the runs that set workspaces up.
type Bootstraps struct{ Places }

var _ bootstrap.Store = Bootstraps{}

// NewBootstraps makes the store.
func NewBootstraps(db *DB) Bootstraps { return Bootstraps{Places{db}} }

// Where says in which region a run is and what it is called; fault.NotFound (what: bootstrap) if there is none.
func (s Bootstraps) Where(ctx context.Context, id bootstrap.ID) (control.Target, error) {
	t, ok, err := one(ctx, s.db, "finding a run", func(row scanner) (t control.Target, err error) {
		t.Kind = "bootstrap"
		err = row.Scan(&t.Region, &t.Name)
		return t, err
	}, "SELECT region, workspace || '#' || id FROM bootstrap WHERE id = ?", id)
	if err == nil && !ok {
		err = &fault.NotFound{What: "bootstrap", Name: strconv.FormatInt(int64(id), 10)}
	}
	return t, err
}

// Get reads a run; fault.NotFound as in Where.
func (s Bootstraps) Get(ctx context.Context, id bootstrap.ID) (bootstrap.Run, error) {
	found, err := s.list(ctx, where{}.with("b.id = ?", id))
	if err == nil && len(found) == 0 {
		err = &fault.NotFound{What: "bootstrap", Name: strconv.FormatInt(int64(id), 10)}
	}
	if err != nil {
		return bootstrap.Run{}, err
	}
	return found[0], nil
}

// List returns the runs of a region, of all regions if it is empty, the newest first.
func (s Bootstraps) List(ctx context.Context, region string) ([]bootstrap.Run, error) {
	among := where{}
	if region != "" {
		among = among.with("b.region = ?", text.Fold(region))
	}
	return s.list(ctx, among)
}

func (s Bootstraps) list(ctx context.Context, among where) (found []bootstrap.Run, err error) {
	err = s.db.Read(ctx, func(ctx context.Context) error {
		if found, err = all(ctx, s.db, "reading the runs", scanRun,
			`SELECT b.id, b.spec, b.edition, b.created_at, `+everOf+"b.created_by"+orNobody+`, b.created_by, b.modified_at, b.version
			FROM bootstrap b`+among.sql()+" ORDER BY b.id DESC", among.args...); err != nil {
			return err
		}
		at := make(map[bootstrap.ID]int, len(found))
		for i, r := range found {
			at[r.ID] = i
		}
		return each(ctx, s.db, "reading the steps of runs", func(row scanner) error {
			id, p, err := scanStep(row)
			if err == nil {
				found[at[id]].Steps = append(found[at[id]].Steps, p)
			}
			return err
		}, `SELECT b.id, s.step, s.kind, s.part, s.name, s.state, s.problem, s.said, s.at FROM bootstrap b JOIN bootstrap_step s ON s.bootstrap_id = b.id`+
			among.sql()+" ORDER BY b.id, s.place", among.args...)
	})
	return found, err
}

func scanRun(row scanner) (bootstrap.Run, error) {
	var r bootstrap.Run
	var spec string
	var created, modified int64
	var by access.PrincipalID
	if err := row.Scan(&r.ID, &spec, &r.Edition, &created, &r.CreatedBy, &by, &modified, &r.Version); err != nil {
		return r, err
	}
	r.CreatedAt, r.ModifiedAt = moment(created), moment(modified)
	err := json.Unmarshal([]byte(spec), &r.Spec)
	return r.Of(by), err
}

func scanStep(row scanner) (id bootstrap.ID, p bootstrap.Progress, err error) {
	var said string
	var at int64
	if err = row.Scan(&id, &p.ID, &p.Kind, &p.Part, &p.Name, &p.State, &p.Problem, &said, &at); err != nil {
		return id, p, err
	}
	p.At = moment(at)
	p.Said, err = readTexts(said)
	return id, p, err
}

// Insert makes a run with its steps and returns it with its id, in version 1.
func (s Bootstraps) Insert(ctx context.Context, r bootstrap.Run, by access.PrincipalID) (bootstrap.Run, error) {
	spec, err := json.Marshal(r.Spec)
	if err != nil {
		return bootstrap.Run{}, err
	}
	row, err := s.db.insertRow(ctx, "making a run", "INSERT INTO bootstrap (region, workspace, spec, created_at, created_by, modified_at) VALUES (?, ?, ?, ?, ?, ?)",
		r.Spec.Region, r.Spec.Workspace.Name, string(spec), unix(r.CreatedAt), by, unix(r.ModifiedAt))
	if err != nil {
		return bootstrap.Run{}, err
	}
	if err := s.steps(ctx, bootstrap.ID(row), r.Steps); err != nil {
		return bootstrap.Run{}, err
	}
	return s.Get(ctx, bootstrap.ID(row))
}

func (s Bootstraps) steps(ctx context.Context, id bootstrap.ID, steps []bootstrap.Progress) error {
	for i, p := range steps {
		said, err := writeTexts(p.Said)
		if err != nil {
			return err
		}
		if _, err := s.db.exec(ctx, "making a run", "INSERT INTO bootstrap_step (bootstrap_id, place, step, kind, part, name, state, problem, said, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
			id, i, p.ID, string(p.Kind), p.Part, p.Name, string(p.State), string(p.Problem), said, unix(p.At)); err != nil {
			return err
		}
	}
	return nil
}

// Replace writes what is wanted and the steps anew, if the version still is r.Version, and raises it; otherwise ok is false.
func (s Bootstraps) Replace(ctx context.Context, r bootstrap.Run) (ok bool, err error) {
	const doing = "changing a run"
	spec, err := json.Marshal(r.Spec)
	if err != nil {
		return false, err
	}
	n, err := s.db.exec(ctx, doing, "UPDATE bootstrap SET region = ?, workspace = ?, spec = ?, edition = ?, modified_at = ?, version = version + 1 WHERE id = ? AND version = ?",
		r.Spec.Region, r.Spec.Workspace.Name, string(spec), r.Edition, unix(r.ModifiedAt), r.ID, r.Version)
	if err != nil || n == 0 {
		return false, err
	}
	if _, err := s.db.exec(ctx, doing, "DELETE FROM bootstrap_step WHERE bootstrap_id = ?", r.ID); err != nil {
		return false, err
	}
	return true, s.steps(ctx, r.ID, r.Steps)
}

// Note writes how far one step is, if the version still is version, and raises it; otherwise ok is false.
func (s Bootstraps) Note(ctx context.Context, id bootstrap.ID, p bootstrap.Progress, version int64) (ok bool, err error) {
	const doing = "noting a step"
	said, err := writeTexts(p.Said)
	if err != nil {
		return false, err
	}
	n, err := s.db.exec(ctx, doing, "UPDATE bootstrap SET modified_at = ?, version = version + 1 WHERE id = ? AND version = ?", unix(p.At), id, version)
	if err != nil || n == 0 {
		return false, err
	}
	_, err = s.db.exec(ctx, doing, "UPDATE bootstrap_step SET state = ?, problem = ?, said = ?, at = ? WHERE bootstrap_id = ? AND step = ?",
		string(p.State), string(p.Problem), said, unix(p.At), id, p.ID)
	return true, err
}

// Delete forgets a run if the version still is version; otherwise ok is false.
func (s Bootstraps) Delete(ctx context.Context, id bootstrap.ID, version int64) (ok bool, err error) {
	n, err := s.db.exec(ctx, "forgetting a run", "DELETE FROM bootstrap WHERE id = ? AND version = ?", id, version)
	return n == 1, err
}
