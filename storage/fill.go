package storage

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"reeve/core/access"
	"reeve/core/directory"
	"reeve/core/text"
	"reeve/core/workspace"
)

// Fill says how much sample data to make. The same values make the same data in the same database.
type Fill struct {
	// Region must be activated, and Owner the account.
	Region string
	Owner  access.PrincipalID
	// Workspaces is how many to make, and Principals how many users and roles besides those that are there.
	Workspaces, Principals int
	// Memberships is how many members the workspaces have together, the owner in each of them included: at least one and at
	// most all new principals and the owner for each workspace.
	Memberships int
	Seed        uint64
	// At is the time up to which the sample has been in use.
	At       time.Time
	Builtins Builtins
	// Zone is that of Region; nil is UTC.
	Zone *time.Location
}

func (f Fill) check() error {
	if f.Workspaces < 1 || f.Principals < 1 {
		return errors.New("at least one workspace and one principal are needed")
	}
	if f.Memberships < f.Workspaces || f.Memberships > f.Workspaces*(f.Principals+1) {
		return fmt.Errorf("%d workspaces can have %d to %d memberships, not %d",
			f.Workspaces, f.Workspaces, f.Workspaces*(f.Principals+1), f.Memberships)
	}
	return nil
}

// Fill adds sample data in one transaction: all of it, or nothing. progress, which may be nil, hears how many of the
// memberships are made.
func (db *DB) Fill(ctx context.Context, f Fill, progress func(done, total int)) error {
	if err := f.check(); err != nil {
		return fmt.Errorf("filling the database: %w", err)
	}
	err := db.Write(ctx, func(ctx context.Context) error {
		return db.withLargeCache(ctx, func() error {
			w, err := newFiller(ctx, db, f)
			if err != nil {
				return err
			}
			return errors.Join(w.run(ctx, progress), w.close())
		})
	})
	if err != nil {
		return db.fail("filling the database", err)
	}
	// The log of one large transaction is as large as all of it; nobody needs it any more.
	_, err = db.writer.ExecContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)")
	return db.fail("filling the database", err)
}

// withLargeCache keeps the pages that are written all over an index in memory while do runs.
func (db *DB) withLargeCache(ctx context.Context, do func() error) (err error) {
	const doing = "setting the cache"
	pages, _, err := one(ctx, db, doing, value[int64], "PRAGMA cache_size")
	if err != nil {
		return err
	}
	if _, err := db.exec(ctx, doing, "PRAGMA cache_size = -262144"); err != nil { // KiB
		return err
	}
	defer func() {
		_, back := db.exec(ctx, doing, fmt.Sprintf("PRAGMA cache_size = %d", pages))
		err = errors.Join(err, back)
	}()
	return do()
}

// filler makes the sample.
type filler struct {
	Fill
	random     *rand.Rand
	tables     sampleTables
	people     []sampleMember
	groups     []sampleMember
	names      *namer
	nextID     access.WorkspaceID
	nextRow    access.RoleID
	nextEngine uint32
	equipped   []equipped
	ordered    []access.RoleID // the roles that members are given, the usual ones first
}

// equipped is a workspace that has engines and data sources as well.
type equipped struct {
	id       access.WorkspaceID
	standard bool
}

// sampleMember is who can become a member, with the name that a membership keeps.
type sampleMember struct {
	id  access.PrincipalID
	key string
}

func newFiller(ctx context.Context, db *DB, f Fill) (*filler, error) {
	w := &filler{Fill: f, random: rand.New(rand.NewPCG(f.Seed, 0))} // #nosec G404 -- a sample is to be repeatable, not secret
	for _, r := range f.Builtins.Roles {
		if r.Assignable && !r.Administers {
			w.ordered = append(w.ordered, r.ID)
		}
	}
	if len(w.ordered) == 0 {
		return nil, errors.New("no built-in role can be given to members")
	}
	there, err := all(ctx, db, "reading the workspaces", value[string], "SELECT name_key FROM workspace WHERE region = ?", f.Region)
	if err != nil {
		return nil, err
	}
	w.names = newNamer(w.random, there)
	if w.nextID, err = nextID[access.WorkspaceID](ctx, db, "workspace"); err != nil {
		return nil, err
	}
	if w.nextRow, err = nextID[access.RoleID](ctx, db, "role"); err != nil {
		return nil, err
	}
	if w.nextEngine, err = nextID[uint32](ctx, db, "engine"); err != nil {
		return nil, err
	}
	w.tables = newSampleTables(db)
	return w, w.addPeople(ctx, db)
}

func nextID[T ~uint32](ctx context.Context, db *DB, table string) (T, error) {
	last, _, err := one(ctx, db, "reading the last id", value[T], "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = ?", table)
	return last + 1, err
}

// addPeople makes the principals; w.people begins with the owner.
func (w *filler) addPeople(ctx context.Context, db *DB) error {
	owner, ok, err := one(ctx, db, "reading the owner", value[string], "SELECT name_key FROM principal WHERE id = ?", w.Owner)
	if err == nil && !ok {
		err = errMissing("user", w.Owner)
	}
	if err != nil {
		return err
	}
	w.people = append(make([]sampleMember, 0, w.Principals+1), sampleMember{w.Owner, owner})
	there, err := all(ctx, db, "reading the users", value[string], "SELECT name_key FROM principal")
	if err != nil {
		return err
	}
	last, _, err := one(ctx, db, "reading the last id", value[access.PrincipalID], "SELECT max(id) FROM principal")
	if err != nil {
		return err
	}
	names, from := newNamer(w.random, there), peoples()
	for range w.Principals {
		last++
		kind := directory.RAMUser
		name, display := names.person(from)
		if w.random.IntN(25) == 0 {
			kind, name, display = directory.RAMRole, names.once("etl_runner", "_"), ""
		}
		key := text.Fold(name)
		c := w.contact(last, key, kind)
		w.people = append(w.people, sampleMember{last, key})
		if err := errors.Join(
			w.tables.principals.add(ctx, last, name, key, display, text.Fold(display), string(kind), w.before(1000), c.email, c.email,
				c.disabled, string(c.status)),
			w.tables.principalText.add(ctx, last, key, text.Fold(display), c.email),
		); err != nil {
			return err
		}
	}
	return errors.Join(w.addGroups(ctx, names, last), w.tables.principals.flush(ctx))
}

// before is a time up to so many days before the end of the sample.
func (w *filler) before(days int) int64 {
	return w.At.Unix() - int64(w.random.IntN(days*86400))
}

func (w *filler) run(ctx context.Context, progress func(done, total int)) error {
	done, first := 0, w.nextID
	domains, layers := domains(), layers()
	for i, size := range w.sizes() {
		if err := w.addWorkspace(ctx, size, domains, layers); err != nil {
			return err
		}
		done += size
		if progress != nil && (i%50 == 49 || done == w.Memberships) {
			progress(done, w.Memberships)
		}
	}
	if err := errors.Join(w.addPlanes(ctx), w.tables.flush(ctx), w.settle(ctx, first)); err != nil {
		return err
	}
	if err := w.addKeys(ctx); err != nil {
		return err
	}
	for _, e := range w.equipped {
		if err := errors.Join(w.addSources(ctx, e), w.addReviews(ctx, e)); err != nil {
			return err
		}
	}
	if err := w.addFigures(ctx); err != nil {
		return err
	}
	if err := errors.Join(w.addResourceGroups(ctx), w.addRequests(ctx), w.addTokens(ctx)); err != nil {
		return err
	}
	if err := w.sampleRuns(ctx); err != nil {
		return err
	}
	return w.tables.touch(ctx)
}

func (w *filler) close() error { return w.tables.close() }

// sizes is how many members each workspace has: a few are large and most are small.
func (w *filler) sizes() []int {
	shares := make([]float64, w.Workspaces)
	var sum float64
	for i := range shares {
		shares[i] = 1 / math.Pow(float64(i+10), 0.8)
		sum += shares[i]
	}
	w.random.Shuffle(len(shares), func(i, j int) { shares[i], shares[j] = shares[j], shares[i] })
	sizes := make([]int, w.Workspaces)
	left := w.Memberships - w.Workspaces
	for i, share := range shares {
		sizes[i] = 1 + min(w.Principals, int(share/sum*float64(w.Memberships-w.Workspaces)))
		left -= sizes[i] - 1
	}
	for i := 0; left > 0; i = (i + 1) % len(sizes) {
		if sizes[i] <= w.Principals {
			sizes[i]++
			left--
		}
	}
	return sizes
}

func (w *filler) addWorkspace(ctx context.Context, size int, domains, layers []term) error {
	id := w.nextID
	w.nextID++
	name, display := w.names.workspace(domains, layers)
	created := w.before(1000)
	mode, template, status := workspace.Standard, workspace.AllFeatures, workspace.Normal
	if w.random.IntN(3) == 0 {
		mode = workspace.Simple
	}
	if w.random.IntN(12) == 0 {
		template = workspace.OpenLake
	}
	if w.random.IntN(20) == 0 {
		status = workspace.Disabled
	}
	var deleted, purge int64
	if w.random.IntN(40) == 0 {
		deleted = max(created, w.before(workspace.BinDays-1))
		purge = deleted + workspace.BinDays*86400
	}
	key, displayKey := text.Fold(name), text.Fold(display)
	if err := errors.Join(
		w.tables.workspaces.add(ctx, id, w.Region, name, key, display, displayKey, string(mode), string(template), string(status),
			w.Owner, created, w.Owner, deleted, purge),
		w.tables.workspaceText.add(ctx, id, key, displayKey),
	); err != nil {
		return err
	}
	roles, err := w.addRoles(ctx, id, created)
	if err != nil {
		return err
	}
	if err := w.addMembers(ctx, id, size, created, roles); err != nil {
		return err
	}
	if customs := roles[len(w.ordered):]; len(customs) > 0 {
		w.equipped = append(w.equipped, equipped{id, mode == workspace.Standard})
		return errors.Join(w.addGroupMember(ctx, id, created, customs[0]), w.addEngines(ctx, id, customs[0]))
	}
	return nil
}

// addRoles makes a few custom roles in every twentieth workspace and returns what its members can be given.
func (w *filler) addRoles(ctx context.Context, ws access.WorkspaceID, created int64) ([]access.RoleID, error) {
	roles := slices.Clone(w.ordered)
	if w.random.IntN(20) != 0 {
		return roles, nil
	}
	names := customRoleNames()
	w.random.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
	for _, name := range names[:2+w.random.IntN(3)] {
		id := w.nextRow
		w.nextRow++
		if err := w.tables.roles.add(ctx, id, ws, name, text.Fold(name), roleCode(int64(id)), created, w.Owner, created, w.Owner); err != nil {
			return nil, err
		}
		for _, m := range access.WorkspaceModules() {
			level := access.Level(w.random.IntN(int(access.Write) + 1)) // #nosec G115 -- one of three
			if err := w.tables.levels.add(ctx, id, m.Code(), level.String()); err != nil {
				return nil, err
			}
		}
		roles = append(roles, id)
	}
	return roles, nil
}
