package plan

import (
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"reeve/core/access"
	"reeve/core/message"
	"reeve/core/text"
)

// Reading says how a document is read.
type Reading struct {
	// Prune takes every section that the document has for exact, but those of workspaces and user groups: whatever else a
	// section does not name is removed, and a whole workspace only where its section itself says so.
	Prune bool
	// Region is that of records which name none, if the document has none itself.
	Region string
}

// Read reads a document. Everything wrong with it is said at once, each with its line and column.
func Read(data []byte, how Reading) (Document, error) {
	d, wrong := read(data, how)
	return d, wrong.err()
}

// read reads as much of a document as can be read.
func read(data []byte, how Reading) (d Document, wrong faults) {
	r := reader{prune: how.Prune}
	root := parse(data, &r.faults)
	if root == nil {
		if len(r.fields) == 0 {
			r.say(Place{1, 1}, "fault.plan.empty", nil)
		}
		return d, r.faults
	}
	var version Word
	_, isMap := r.object(root, map[string]func(ast.Node){
		"version":        r.into(&version),
		"region":         r.into(&d.Region),
		"user_groups":    func(n ast.Node) { d.UserGroups = section(&r, n, false, r.userGroup) },
		"policies":       func(n ast.Node) { d.Policies = section(&r, n, r.prune, r.policy) },
		"attachments":    func(n ast.Node) { d.Attachments = section(&r, n, r.prune, r.attachment) },
		"tenant_roles":   func(n ast.Node) { d.TenantRoles = section(&r, n, r.prune, r.tenantRole) },
		"tenant_members": func(n ast.Node) { d.TenantMembers = section(&r, n, r.prune, r.tenantMember) },
		"workspaces":     func(n ast.Node) { d.Workspaces = section(&r, n, false, r.workspace) },
	})
	switch {
	case !isMap:
	case version.Text == "":
		r.say(at(root), "fault.plan.version.missing", message.Args{"Version": Version})
	case version.Text != "1":
		r.say(version.At, "fault.plan.version", message.Args{"Found": version.Text, "Version": Version})
	}
	if d.Region.Text == "" {
		d.Region = Word{Text: how.Region} // which stands nowhere in the document
	}
	r.finish(&d)
	return d, r.faults
}

type reader struct {
	faults
	prune bool
}

// finish reads what needs all of the document: whose region is the common one, and what stands twice.
func (r *reader) finish(d *Document) {
	region := func(w *Word, at Place) {
		if w.Text != "" {
			return
		}
		if *w = d.Region; w.Text == "" {
			r.say(at, "fault.plan.missing", message.Args{"Key": "region"})
		}
	}
	if s := d.UserGroups; s != nil {
		if s.Exactly { // there is no act that removes one
			r.say(s.At, "fault.plan.exactly.user_groups", nil)
		}
		once(r, s.Items, func(g UserGroup) (Word, string) { return g.Name, g.Name.Text })
	}
	if s := d.Policies; s != nil {
		once(r, s.Items, func(p Policy) (Word, string) { return p.Name, p.Name.Text })
	}
	if s := d.Attachments; s != nil {
		once(r, s.Items, func(a Attachment) (Word, string) { return a.User, a.Policy.Text + "\x00" + a.User.Text })
	}
	if s := d.TenantRoles; s != nil {
		for i := range s.Items {
			region(&s.Items[i].Region, s.Items[i].Name.At)
		}
		once(r, s.Items, func(t TenantRole) (Word, string) { return t.Name, t.Region.Text + "\x00" + t.Name.Text })
	}
	if s := d.TenantMembers; s != nil {
		for i := range s.Items {
			region(&s.Items[i].Region, s.Items[i].Name.At)
		}
		once(r, s.Items, func(m TenantMember) (Word, string) { return m.Name, m.Region.Text + "\x00" + m.Name.Text })
	}
	if s := d.Workspaces; s != nil {
		for i := range s.Items {
			region(&s.Items[i].Region, s.Items[i].Name.At)
		}
		once(r, s.Items, func(w Workspace) (Word, string) { return w.Name, w.Region.Text + "\x00" + w.Name.Text })
	}
}

// once says which records stand a second time; names are the same in any case.
func once[T any](r *reader, items []T, key func(T) (Word, string)) {
	seen := map[string]int{}
	for _, item := range items {
		name, k := key(item)
		if line, twice := seen[text.Fold(k)]; twice && name.Text != "" {
			r.say(name.At, "fault.plan.twice", message.Args{"Key": name.Text, "Before": line})
			continue
		}
		seen[text.Fold(k)] = name.At.Line
	}
}

// section reads a list of records, or a map that has the list under items and may say whether there is to be nothing beside;
// exactly is what holds where it does not say.
func section[T any](r *reader, n ast.Node, exactly bool, item func(n ast.Node) T) *Section[T] {
	s := &Section[T]{At: at(n), Exactly: exactly}
	items := func(n ast.Node) { r.list(n, func(n ast.Node) { s.Items = append(s.Items, item(n)) }) }
	switch n.(type) {
	case *ast.MappingNode, *ast.MappingValueNode:
		r.object(n, map[string]func(ast.Node){"exactly": r.truth(&s.Exactly), "items": items})
	default:
		items(n)
	}
	return s
}

// need says which of the words of a record are missing.
func (r *reader) need(at Place, words map[string]Word) {
	for _, key := range slices.Sorted(maps.Keys(words)) {
		if strings.TrimSpace(words[key].Text) == "" {
			r.say(at, "fault.plan.missing", message.Args{"Key": key})
		}
	}
}

func (r *reader) userGroup(n ast.Node) (g UserGroup) {
	place, ok := r.object(n, map[string]func(ast.Node){
		"name": r.into(&g.Name),
		"members": func(n ast.Node) {
			g.Members = section(r, n, r.prune, r.anyWord)
			once(r, g.Members.Items, func(w Word) (Word, string) { return w, w.Text })
		},
	})
	if ok {
		r.need(place, map[string]Word{"name": g.Name})
	}
	return g
}

func (r *reader) anyWord(n ast.Node) Word {
	w, _ := r.word(n)
	return w
}

func (r *reader) policy(n ast.Node) (p Policy) {
	var document ast.Node
	place, ok := r.object(n, map[string]func(ast.Node){
		"name":     r.into(&p.Name),
		"document": func(n ast.Node) { document = n },
	})
	if !ok {
		return p
	}
	r.need(place, map[string]Word{"name": p.Name})
	if document == nil {
		r.say(place, "fault.plan.missing", message.Args{"Key": "document"})
		return p
	}
	r.policyDocument(document, &p)
	return p
}

// policyDocument reads what a policy says: as YAML, or as text that is JSON.
func (r *reader) policyDocument(n ast.Node, to *Policy) {
	var data []byte
	before := len(r.fields)
	switch n := n.(type) {
	case *ast.StringNode, *ast.LiteralNode:
		w, _ := r.word(n)
		data = []byte(w.Text)
	default:
		value := r.value(n)
		if len(r.fields) > before {
			return
		}
		var err error
		if data, err = json.Marshal(value); err != nil {
			r.say(at(n), "fault.plan.policy", message.Args{"Problem": err.Error()})
			return
		}
	}
	doc, err := access.ParseDocument(data)
	var wrong access.DocumentErrors
	if errors.As(err, &wrong) {
		for _, one := range wrong {
			r.say(at(n), "fault.plan.policy", message.Args{"Problem": one.Problem})
		}
	}
	for _, u := range access.UnknownOperations(data) {
		to.unknown = append(to.unknown, unknownOperation{Word{u.Action, whereIs(n, u.Action)}, u.Nearest})
	}
	for _, u := range access.UnreachableResources(data) {
		to.unreachable = append(to.unreachable, Word{u.Resource, whereIs(n, u.Resource)})
	}
	if len(r.fields) == before {
		to.Document = string(access.FormatDocument(doc))
	}
}

// whereIs is where a text stands in what a policy says as YAML; the place of all of it where that is not known.
func whereIs(n ast.Node, word string) Place {
	found := at(n)
	for _, one := range ast.Filter(ast.StringType, n) {
		if s, ok := one.(*ast.StringNode); ok && s.Value == word {
			return placeOf(s.GetToken())
		}
	}
	return found
}

// value is a node as what JSON is made of. Every scalar is text, as everything in a policy is.
func (r *reader) value(n ast.Node) any {
	switch n := n.(type) {
	case *ast.MappingNode, *ast.MappingValueNode:
		found, _ := r.pairs(n)
		m := map[string]any{}
		for _, p := range found {
			m[p.key.Text] = r.value(p.value)
		}
		return m
	case *ast.SequenceNode:
		list := []any{}
		for _, v := range n.Values {
			list = append(list, r.value(v))
		}
		return list
	default:
		return r.anyWord(n).Text
	}
}

func (r *reader) attachment(n ast.Node) (a Attachment) {
	place, ok := r.object(n, map[string]func(ast.Node){"policy": r.into(&a.Policy), "user": r.into(&a.User), "until": r.until(&a.Until)})
	if ok {
		r.need(place, map[string]Word{"policy": a.Policy, "user": a.User})
	}
	return a
}

func (r *reader) tenantRole(n ast.Node) (t TenantRole) {
	var found access.Capabilities
	place, ok := r.object(n, map[string]func(ast.Node){
		"region": r.into(&t.Region), "name": r.into(&t.Name),
		"capabilities": func(n ast.Node) {
			r.list(n, func(n ast.Node) {
				w, ok := r.word(n)
				if !ok {
					return
				}
				c, err := access.ParseCapability(w.Text)
				if err != nil {
					r.unknown(w.At, "capability", w.Text, nearestOf(err))
					return
				}
				found = found.With(c)
			})
		},
	})
	for _, c := range found.List() {
		t.Capabilities = append(t.Capabilities, c.Code())
	}
	if ok {
		r.need(place, map[string]Word{"name": t.Name})
	}
	return t
}

func (r *reader) tenantMember(n ast.Node) (m TenantMember) {
	place, ok := r.object(n, map[string]func(ast.Node){
		"region": r.into(&m.Region), "name": r.into(&m.Name), "roles": func(n ast.Node) { m.Roles = r.grants(n) },
	})
	if ok {
		r.need(place, map[string]Word{"name": m.Name})
		if m.Roles == nil {
			r.say(place, "fault.plan.missing", message.Args{"Key": "roles"})
		}
	}
	return m
}

// grants reads roles: the name alone, or a map of the role and until when. It is never nil.
func (r *reader) grants(n ast.Node) []Grant {
	grants := []Grant{}
	r.list(n, func(n ast.Node) {
		var g Grant
		switch n.(type) {
		case *ast.MappingNode, *ast.MappingValueNode:
			if place, ok := r.object(n, map[string]func(ast.Node){"role": r.into(&g.Role), "until": r.until(&g.Until)}); ok {
				r.need(place, map[string]Word{"role": g.Role})
			}
		default:
			g.Role = r.anyWord(n)
		}
		if g.Role.Text != "" {
			grants = append(grants, g)
		}
	})
	return grants
}

func nearKeys(key string, known map[string]func(ast.Node)) []string {
	return text.Nearest(key, slices.Sorted(maps.Keys(known)), near)
}

// nearestOf are the names that come nearest to one that is not known.
func nearestOf(err error) []string {
	var unknown *access.UnknownError
	if errors.As(err, &unknown) {
		return unknown.Nearest
	}
	return nil
}
