package directory

import (
	"context"
	"strings"
	"time"

	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/message"
	"reeve/core/text"
)

// Preset is the kind of LDAP server, which says what entries look like where nothing else is said.
type Preset string

// The presets.
const (
	OpenLDAP        Preset = "openldap"
	ActiveDirectory Preset = "ad"
)

// Attributes names the attributes of entries that are read.
type Attributes struct {
	// ID is what never changes while the entry lives: entryUUID, objectGUID.
	ID          string `json:"id"`
	Name        string `json:"name"`
	DisplayName string `json:"display_name"`
	Email       string `json:"email"`
	Phone       string `json:"phone"`
	GroupName   string `json:"group_name"`
}

// Settings is how an LDAP server is reached and what is read of it.
type Settings struct {
	Preset Preset `json:"preset"`
	// URL is ldaps://host[:port] or ldap://host[:port].
	URL string `json:"url"`
	// StartTLS turns an ldap connection into an encrypted one before anything is sent. Without it an ldap URL needs
	// Plaintext, which says that passwords and people may be read on the way.
	StartTLS  bool `json:"start_tls"`
	Plaintext bool `json:"plaintext"`
	// CAFile holds the certificates that the server's is checked against; empty for those of the system.
	CAFile string `json:"ca_file"`
	BindDN string `json:"bind_dn"`
	// PasswordFrom is where the password is read from when it is needed: env:NAME or file:PATH. It is never kept.
	PasswordFrom string `json:"password_from"`
	Base         string `json:"base"`
	// UserFilter and the group settings are filled in from the preset where they are empty.
	UserFilter  string     `json:"user_filter"`
	Groups      bool       `json:"groups"`
	GroupBase   string     `json:"group_base"`
	GroupFilter string     `json:"group_filter"`
	Attributes  Attributes `json:"attributes"`
	// Share is the part of what is known, in percent from 0 to 100, above which a sync that takes away stops and asks.
	Share int `json:"share"`
}

// DefaultShare is the brake of a source that says nothing else, in percent. It is ours: no directory publishes one.
const DefaultShare = 10

// Source is an LDAP server that principals come from.
type Source struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
	Settings
	// VanishedMayAct lets who vanished from the source do what they hold, until they are disabled or deleted here. Without
	// it, which is ours to choose, they may do nothing.
	VanishedMayAct bool `json:"vanished_may_act"`
	// Users and Groups are how many principals come from it, Vanished how many of them are no longer in it.
	Users     int        `json:"users"`
	UserGroup int        `json:"user_groups"`
	Vanished  int        `json:"vanished"`
	SyncedAt  *time.Time `json:"synced_at"`
	CreatedAt time.Time  `json:"created_at"`
	CreatedBy string     `json:"created_by"`
	Version   int64      `json:"version"`
	// Cookie is up to where the server was read, as it calls it; empty for never.
	Cookie []byte `json:"-"`
}

// withDefaults fills in what the preset says.
func (s Settings) withDefaults() Settings {
	d := map[Preset]Settings{
		OpenLDAP: {UserFilter: "(objectClass=inetOrgPerson)",
			GroupFilter: "(|(objectClass=groupOfNames)(objectClass=groupOfUniqueNames)(objectClass=posixGroup))",
			Attributes:  Attributes{"entryUUID", "uid", "displayName", "mail", "telephoneNumber", "cn"}},
		ActiveDirectory: {UserFilter: "(&(objectCategory=person)(objectClass=user))", GroupFilter: "(objectClass=group)",
			Attributes: Attributes{"objectGUID", "sAMAccountName", "displayName", "mail", "telephoneNumber", "cn"}},
	}[s.Preset]
	for _, f := range []struct {
		to   *string
		from string
	}{
		{&s.UserFilter, d.UserFilter}, {&s.GroupFilter, d.GroupFilter}, {&s.GroupBase, s.Base},
		{&s.Attributes.ID, d.Attributes.ID}, {&s.Attributes.Name, d.Attributes.Name}, {&s.Attributes.DisplayName, d.Attributes.DisplayName},
		{&s.Attributes.Email, d.Attributes.Email}, {&s.Attributes.Phone, d.Attributes.Phone}, {&s.Attributes.GroupName, d.Attributes.GroupName},
	} {
		if *f.to == "" {
			*f.to = f.from
		}
	}
	return s
}

// SourceStore keeps the directory sources and what came from them.
type SourceStore interface {
	// AllSources lists the sources by name.
	AllSources(ctx context.Context) ([]Source, error)
	// Source finds a source by name; fault.NotFound (what: directory_source) with near names otherwise.
	Source(ctx context.Context, name string) (Source, error)
	InsertSource(ctx context.Context, in Source) (Source, error)
	// UpdateSource writes the settings of a source and what they say of who vanished, and forgets up to where the server was read, if
	// the source still is version; otherwise ok is false.
	UpdateSource(ctx context.Context, in Source, version int64) (ok bool, err error)
	// DeleteSource takes a source away. Who came from it stays as if made here; who vanished is disabled since then.
	DeleteSource(ctx context.Context, id int64) error
	Synced
}

// Upstream talks to LDAP servers. It keeps to what the settings say and sends no password that is empty.
type Upstream interface {
	// Check says what of the settings only somebody who knows LDAP can see: filters and names that do not parse.
	Check(in Settings) []fault.Field
	// Test tries the stages of reaching a server in order and stops at the first that fails.
	Test(ctx context.Context, in Settings) []Stage
	// Read reads the server: all of it, or what changed since a cookie where the server can tell.
	Read(ctx context.Context, in Settings, since []byte) (Reading, error)
}

// Stage is one step of reaching a server.
type Stage struct {
	// Name is resolve, connect, tls, bind or search.
	Name string `json:"stage"`
	OK   bool   `json:"ok"`
	// Detail is what was found, or what the other side said.
	Detail string `json:"detail"`
	// Fault, if it is set, is what went wrong in a sentence, in place of Detail.
	Fault message.Text  `json:"-"`
	Took  time.Duration `json:"took"`
}

// SourceService is the acts on directory sources.
type SourceService struct {
	gate     *control.Gate
	store    SourceStore
	upstream Upstream
}

// NewSources makes the service.
func NewSources(gate *control.Gate, store SourceStore, upstream Upstream) *SourceService {
	return &SourceService{gate: gate, store: store, upstream: upstream}
}

func onSource(name string) func(context.Context) (control.Target, error) {
	return func(context.Context) (control.Target, error) {
		return control.Target{Kind: "directory", Name: name}, nil
	}
}

// List lists the sources.
func (s *SourceService) List(ctx context.Context) ([]Source, error) {
	return control.Ask(ctx, s.gate, control.Query[[]Source]{
		Action: action.DirectoryList,
		Do: func(ctx context.Context, _ control.Target, _ control.Viewer) ([]Source, error) {
			return s.store.AllSources(ctx)
		},
	})
}

// Get shows one source.
func (s *SourceService) Get(ctx context.Context, name string) (Source, error) {
	return s.get(ctx, name, action.DirectoryShow)
}

func (s *SourceService) get(ctx context.Context, name string, id action.ID) (Source, error) {
	return control.Ask(ctx, s.gate, control.Query[Source]{
		Action: id, Target: onSource(name),
		Do: func(ctx context.Context, _ control.Target, _ control.Viewer) (Source, error) {
			return s.store.Source(ctx, name)
		},
	})
}

// NewSource is the form for a new source.
type NewSource struct {
	Name string
	Settings
	// Named are attributes written as FIELD=ATTRIBUTE, which are read instead of those in Settings.
	Named          []string
	VanishedMayAct bool
}

// name takes over attributes written as FIELD=ATTRIBUTE, and says which are not.
func (a *Attributes) name(given []string) (bad []fault.Field) {
	fields := map[string]*string{"id": &a.ID, "name": &a.Name, "display_name": &a.DisplayName, "email": &a.Email, "phone": &a.Phone, "group_name": &a.GroupName}
	for _, one := range given {
		key, value, _ := strings.Cut(one, "=")
		field, known := fields[strings.ReplaceAll(key, "-", "_")]
		if !known || value == "" {
			bad = append(bad, fault.Field{Name: "attribute", Text: message.Text{ID: "fault.directory.attribute_form", Args: message.Args{"Given": one}}})
			continue
		}
		*field = value
	}
	return bad
}

// Add adds a source. Nothing is read from it yet.
func (s *SourceService) Add(ctx context.Context, in NewSource) (Source, error) {
	if in.Preset == "" {
		in.Preset = OpenLDAP
	}
	misnamed := in.Attributes.name(in.Named)
	in.Settings = in.withDefaults()
	return control.Do(ctx, s.gate, control.Change[Source]{
		Action: action.DirectoryAdd,
		Target: onSource(in.Name),
		Check: func(ctx context.Context, _ control.Target) ([]fault.Field, error) {
			bad := append(misnamed, s.faults(in.Settings)...)
			bad = append(bad, in.Settings.fromAfar(ctx, nil)...)
			if what, ok := control.PrincipalName().Check(in.Name); !ok {
				bad = append(bad, fault.Field{Name: "name", Text: what})
			}
			there, err := s.store.AllSources(ctx)
			for _, other := range there {
				if strings.EqualFold(other.Name, in.Name) {
					bad = append(bad, fault.Field{Name: "name", Taken: true, Text: message.Text{ID: "fault.directory.taken", Args: message.Args{"Name": other.Name}}})
				}
			}
			return bad, err
		},
		Apply: func(ctx context.Context, _ control.Target, by control.Actor) (control.Applied[Source], error) {
			made, err := s.store.InsertSource(ctx, Source{Name: in.Name, Settings: in.Settings, VanishedMayAct: in.VanishedMayAct,
				CreatedAt: s.gate.Now(), CreatedBy: by.Name, Version: 1})
			return control.Applied[Source]{Value: made, After: made}, err
		},
	})
}

func (s *SourceService) faults(in Settings) []fault.Field {
	bad := checkSettings(in)
	if s.upstream != nil {
		bad = append(bad, s.upstream.Check(in)...)
	}
	return bad
}

// EditSource is the form that changes a source: its settings as they are to be.
type EditSource struct {
	Settings
	// Named are as for a new source.
	Named          []string
	VanishedMayAct bool
	// Version is the version that was read; 0 takes whatever stands.
	Version int64
}

// Update changes how a source is reached and what is read of it. What the preset says where nothing else is said, another preset says
// otherwise. The next sync reads everything, and shows what another base or filter takes away before it does.
func (s *SourceService) Update(ctx context.Context, name string, in EditSource) (Source, error) {
	var before Source
	misnamed := in.Attributes.name(in.Named)
	return control.Do(ctx, s.gate, control.Change[Source]{
		Action: action.DirectoryUpdate,
		Target: onSource(name),
		Check: func(ctx context.Context, _ control.Target) (bad []fault.Field, err error) {
			if before, err = s.store.Source(ctx, name); err != nil {
				return nil, err
			}
			in.Settings = in.Settings.after(before.Settings)
			bad = append(append(bad, misnamed...), s.faults(in.Settings)...)
			return append(bad, in.Settings.fromAfar(ctx, &before.Settings)...), nil
		},
		Apply: func(ctx context.Context, _ control.Target, _ control.Actor) (control.Applied[Source], error) {
			none := control.Applied[Source]{}
			read := in.Version
			if read == 0 {
				read = before.Version
			}
			after := before
			if after.Settings, after.VanishedMayAct = in.Settings, in.VanishedMayAct; after.Settings == before.Settings && after.VanishedMayAct == before.VanishedMayAct {
				return control.Applied[Source]{Value: before, Nothing: true}, nil
			}
			ok, err := s.store.UpdateSource(ctx, after, read)
			if err == nil && !ok {
				err = &fault.Conflict{What: "directory_source", Name: before.Name, Read: read, Now: before.Version, Theirs: before}
			}
			if err != nil {
				return none, err
			}
			after, err = s.store.Source(ctx, name)
			return control.Applied[Source]{Value: after, Before: before, After: after}, err
		},
	})
}

// Remove takes a source away. Who came from it stays, as if made here; who vanished stays without rights, as disabled.
func (s *SourceService) Remove(ctx context.Context, name string) (Source, error) {
	return control.Do(ctx, s.gate, control.Change[Source]{
		Action: action.DirectoryRemove,
		Target: onSource(name),
		Apply: func(ctx context.Context, _ control.Target, _ control.Actor) (control.Applied[Source], error) {
			gone, err := s.store.Source(ctx, name)
			if err != nil {
				return control.Applied[Source]{}, err
			}
			return control.Applied[Source]{Value: gone, Before: gone}, s.store.DeleteSource(ctx, gone.ID)
		},
	})
}

// Test tries to reach a source, stage by stage, and changes nothing.
func (s *SourceService) Test(ctx context.Context, name string) ([]Stage, error) {
	src, err := s.get(ctx, name, action.DirectoryTest)
	if err != nil {
		return nil, err
	}
	stages := s.upstream.Test(ctx, src.Settings)
	for i := range stages {
		stages[i].Detail = shortened(text.Clean(stages[i].Detail), maxSetting)
	}
	return stages, nil
}
