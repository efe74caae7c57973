package directory

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"reeve/core/access"
	"reeve/core/control"
	"reeve/core/message"
	"reeve/core/text"
)

// Entry is a person as a server has it.
type Entry struct {
	// ID is what never changes while the entry lives.
	ID string
	// DN names the entry in groups, written so that equal names are equal text.
	DN          string
	Name        string
	DisplayName string
	Email       string
	Phone       string
	// Disabled says that the server itself lets it do nothing.
	Disabled bool
}

// GroupEntry is a group as a server has it. Members are DNs, or names after "uid:".
type GroupEntry struct {
	ID, DN, Name string
	Members      []string
}

// Reading is what a server answered.
type Reading struct {
	// Full says that Users is everybody; otherwise Users is who changed and Gone who went.
	Full  bool
	Users []Entry
	Gone  []string
	// Left, if not nil, is who is still there as they were: whoever is in neither it nor Users went.
	Left map[string]bool
	// Groups are always all of them.
	Groups []GroupEntry
	// Cookie is up to where the server was read; empty where it cannot tell what changed since.
	Cookie []byte
	// Faults are entries that could not be read.
	Faults []EntryFault
}

// EntryFault is an entry that a sync passes over, and why.
type EntryFault struct {
	// Entry is its DN, or its name.
	Entry string       `json:"entry"`
	What  message.Text `json:"what"`
}

// Known is a principal as it came from a source before.
type Known struct {
	ID access.PrincipalID
	Entry
	Group bool
	// Here says that it is disabled by somebody here.
	Here     bool
	Vanished bool
	// Members of a group are who of the same source is in it, sorted.
	Members []access.PrincipalID
}

// Stand is everything that a reading is compared with.
type Stand struct {
	Known []Known
	// Names are the names of all principals, folded, with whose they are.
	Names map[string]access.PrincipalID
}

// FieldChange is one field of a principal that changes.
type FieldChange struct {
	Field string `json:"field"`
	From  string `json:"from"`
	To    string `json:"to"`
}

// Changed is a principal whose entry differs, with the entry as it is now.
type Changed struct {
	Known  Known
	Now    Entry
	Fields []FieldChange
	// Back says that it had vanished and is there again.
	Back bool
}

// Membership is who comes into a group and who leaves it. A group that is new has no id yet, and so do people who are new:
// they are named by what their source knows them by.
type Membership struct {
	Group       access.PrincipalID
	NewGroup    string
	Name        string
	Add, Remove []access.PrincipalID
	AddNew      []string
}

// Plan is what a sync would do.
type Plan struct {
	Add       []Entry
	AddGroups []Entry
	Change    []Changed
	Vanish    []Known
	Members   []Membership
	Faults    []EntryFault
	// Same is how many users are as they were. Unknown is how many members of groups are nobody who comes from the source: groups in
	// groups, and who no filter lets through.
	Same    int
	Unknown int
	// Waits says that a user did not get what the server says because of who is here. That can change while the entry does not, so
	// the entry has to be read again.
	Waits bool
	// Of is how many there were of what can go, Gone how many would.
	Of, Gone Counts
}

// Counts counts what a sync can take away.
type Counts struct {
	Users   int `json:"users"`
	Groups  int `json:"groups"`
	Members int `json:"memberships"`
}

// Nothing says that everything is as it was.
func (p Plan) Nothing() bool {
	return len(p.Add)+len(p.AddGroups)+len(p.Change)+len(p.Vanish)+len(p.Members) == 0
}

// comparison is a comparison under way.
type comparison struct {
	stand Stand
	known map[string]*Known // by what the source knows them by
	plan  Plan
}

// Compare says what has to change so that the principals are as the reading says. It is pure, so that a dry run and a sync
// cannot disagree. Names that are taken are faults, never merged: whoever is called the same is not known to be the same.
func Compare(stand Stand, r Reading, groups bool) Plan {
	c := comparison{stand: stand, known: make(map[string]*Known, len(stand.Known))}
	for i := range stand.Known {
		k := &stand.Known[i]
		c.known[k.Entry.ID] = k
		switch {
		case k.Vanished:
		case k.Group:
			c.plan.Of.Groups++
			c.plan.Of.Members += len(k.Members)
		default:
			c.plan.Of.Users++
		}
	}
	c.plan.Faults = append(c.plan.Faults, r.Faults...)
	users := c.sound(r.Users, false)
	var groupEntries []Entry
	if groups {
		for _, g := range r.Groups {
			groupEntries = append(groupEntries, Entry{ID: g.ID, DN: g.DN, Name: g.Name, DisplayName: g.Name})
		}
		groupEntries = c.sound(groupEntries, true)
	}
	c.settle(users, groupEntries)
	c.vanish(r, groups)
	if groups {
		c.memberships(r)
	}
	return c.plan
}

// maxMembers bounds the members of one group; ours.
const maxMembers = 200_000

// sound are the entries that can be kept, each id once, with their text cleaned and cut.
func (c *comparison) sound(entries []Entry, group bool) []Entry {
	list := make([]Entry, 0, len(entries))
	seen := make(map[string]bool, len(entries))
	for _, e := range entries {
		e.Name = strings.TrimSpace(text.Normal(e.Name))
		e.DisplayName = shortened(text.Clean(strings.TrimSpace(e.DisplayName)), maxDisplay)
		e.Email, e.Phone = strings.TrimSpace(e.Email), strings.TrimSpace(e.Phone)
		switch known := c.known[e.ID]; {
		case e.ID == "":
			c.fault(e, "fault.sync.no_id", nil)
			continue
		case seen[e.ID]:
			c.fault(e, "fault.sync.twice", nil)
			continue
		case known != nil && known.Group != group:
			c.plan.Waits = c.plan.Waits || !group
			c.fault(e, "fault.sync.kind", nil)
			continue
		}
		seen[e.ID] = true
		if what, ok := control.PrincipalName().Check(e.Name); !ok {
			c.plan.Faults = append(c.plan.Faults, EntryFault{label(e), what})
			known := c.known[e.ID]
			if known == nil {
				continue
			}
			e.Name = known.Name // who is known stays so, under the name it had
		}
		if what, ok := checkEmail(e.Email); !ok {
			c.plan.Faults = append(c.plan.Faults, EntryFault{label(e), what})
			e.Email = ""
		}
		if what, ok := checkPhone(e.Phone); !ok {
			c.plan.Faults = append(c.plan.Faults, EntryFault{label(e), what})
			e.Phone = ""
		}
		list = append(list, e)
	}
	slices.SortFunc(list, func(a, b Entry) int {
		return cmp.Or(cmp.Compare(text.Fold(a.Name), text.Fold(b.Name)), cmp.Compare(a.ID, b.ID))
	})
	return list
}

func (c *comparison) fault(e Entry, id string, args message.Args) {
	c.plan.Faults = append(c.plan.Faults, EntryFault{label(e), message.Text{ID: id, Args: args}})
}

// label is what an entry is called in faults.
func label(e Entry) string {
	name := e.DN
	if name == "" {
		name = e.Name
	}
	if !utf8.ValidString(name) {
		name = strings.ToValidUTF8(name, "?")
	}
	return shortened(text.Clean(name), maxDisplay)
}

// settle finds out who comes and who changes. A name is given to one principal alone; a rename that would take one that is
// taken leaves the old name, which may in turn be wanted by another, so that it is looked again until nothing moves.
func (c *comparison) settle(users, groups []Entry) {
	all := slices.Concat(users, groups)
	refused := map[string]bool{}
	for {
		names := make(map[string]string, len(c.stand.Names)+len(all)) // folded name → id of the entry that has it, or "" for others
		renamed := map[string]string{}
		for _, e := range all {
			if k := c.known[e.ID]; k != nil && !refused[e.ID] && text.Fold(k.Name) != text.Fold(e.Name) {
				renamed[text.Fold(k.Name)] = e.ID
			}
		}
		byPrincipal := make(map[access.PrincipalID]string, len(c.known))
		for id, k := range c.known {
			byPrincipal[k.ID] = id
		}
		for name, p := range c.stand.Names {
			if _, leaves := renamed[name]; !leaves {
				names[name] = byPrincipal[p]
			}
		}
		again := false
		for _, e := range all {
			k, name := c.known[e.ID], text.Fold(e.Name)
			if refused[e.ID] || k != nil && text.Fold(k.Name) == name {
				continue
			}
			if _, taken := names[name]; taken {
				refused[e.ID] = true
				again = again || k != nil
				continue
			}
			names[name] = e.ID
		}
		if !again {
			break
		}
	}
	for i, e := range all {
		c.one(e, i >= len(users), refused[e.ID])
	}
}

// one adds one entry to the plan.
func (c *comparison) one(e Entry, group, refused bool) {
	k := c.known[e.ID]
	if refused {
		c.plan.Waits = c.plan.Waits || !group
		c.fault(e, "fault.sync.name_taken", message.Args{"Name": e.Name})
		if k == nil {
			return
		}
		e.Name = k.Name
	}
	switch {
	case k == nil && group:
		c.plan.AddGroups = append(c.plan.AddGroups, e)
		return
	case k == nil:
		c.plan.Add = append(c.plan.Add, e)
		return
	}
	ch := Changed{Known: *k, Now: e, Back: k.Vanished}
	field := func(name, from, to string) {
		if from != to {
			ch.Fields = append(ch.Fields, FieldChange{name, from, to})
		}
	}
	field("name", k.Name, e.Name)
	field("display_name", k.DisplayName, e.DisplayName)
	field("email", k.Email, e.Email)
	field("phone", k.Phone, e.Phone)
	if !k.Here && k.Disabled != e.Disabled {
		field("status", status(k.Disabled), status(e.Disabled))
	}
	if k.Vanished {
		field("status", string(Vanished), status(e.Disabled || k.Here))
	}
	if len(ch.Fields) == 0 && k.DN == e.DN {
		if !group {
			c.plan.Same++
		}
		return
	}
	c.plan.Change = append(c.plan.Change, ch)
}

func status(disabled bool) string {
	if disabled {
		return string(Disabled)
	}
	return string(Active)
}

// vanish finds out who went. Groups go only where groups are read.
func (c *comparison) vanish(r Reading, groups bool) {
	there := make(map[string]bool, len(r.Users)+len(r.Groups))
	for _, e := range r.Users {
		there[e.ID] = true
	}
	for _, g := range r.Groups {
		there[g.ID] = true
	}
	gone := make(map[string]bool, len(r.Gone))
	for _, id := range r.Gone {
		gone[id] = true
	}
	wentAway := func(id string) bool { return r.Full || gone[id] || r.Left != nil && !r.Left[id] }
	for _, k := range c.stand.Known {
		switch {
		case k.Vanished, there[k.Entry.ID]:
		case k.Group && groups:
			c.plan.Vanish = append(c.plan.Vanish, k)
			c.plan.Gone.Groups++
		case !k.Group && wentAway(k.Entry.ID):
			c.plan.Vanish = append(c.plan.Vanish, k)
			c.plan.Gone.Users++
		case !k.Group:
			c.plan.Same++
		}
	}
	slices.SortFunc(c.plan.Vanish, func(a, b Known) int { return cmp.Compare(text.Fold(a.Name), text.Fold(b.Name)) })
}
