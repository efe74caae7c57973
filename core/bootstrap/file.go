package bootstrap

import (
	"cmp"
	"errors"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	"reeve/core/fault"
	"reeve/core/message"
	"reeve/core/text"
)

// FileSize bounds a file, in bytes.
const FileSize = 1 << 20

// Position is where something stands in a file, both counted from 1; Column is in characters.
type Position struct{ Line, Column int }

// File is a spec as it was read from a file, with where each field stands.
type File struct {
	Spec Spec
	// Readable says that there is a spec to plan, whatever else is wrong with the file.
	Readable bool
	at       map[string]Position
}

// Read reads a spec from YAML. It fails with fault.Invalid that names everything that is no spec, with line and column: keys
// that mean nothing, values of the wrong kind, and what is no YAML. Whether the values themselves are right is the plan's to
// say; Located then puts its faults at their places.
func Read(data []byte) (File, error) {
	r := &reader{at: map[string]Position{}}
	root, ok := r.parse(data)
	if ok {
		r.spec(root)
	}
	f := File{Spec: r.out, Readable: ok && !r.unread, at: r.at}
	if len(r.bad) > 0 {
		return f, f.Located(&fault.Invalid{Fields: r.bad})
	}
	return f, nil
}

// Located puts the line and column of each field before what is wrong with it. A field that does not stand in the file is
// placed where it would have to stand: at the part it belongs to.
func (f File) Located(err error) error {
	var invalid *fault.Invalid
	if !errors.As(err, &invalid) {
		return err
	}
	placed := make([]fault.Field, len(invalid.Fields))
	for i, field := range invalid.Fields {
		at := f.place(field.Name)
		field.Text = said("fault.bootstrap.at", message.Args{"Line": at.Line, "Column": at.Column, "What": field.Text, "Nearest": field.Text.Args["Nearest"]})
		placed[i] = field
	}
	return &fault.Invalid{Fields: placed}
}

// Together is everything wrong with a file: with how it is written, and with what it asks for. Either may be nil.
func Together(written, asked error) error {
	var a, b *fault.Invalid
	switch {
	case written == nil:
		return asked
	case !errors.As(written, &a) || !errors.As(asked, &b):
		return written
	}
	return &fault.Invalid{Fields: append(slices.Clone(a.Fields), b.Fields...)}
}

func (f File) place(path string) Position {
	for path != "" {
		if at, ok := f.at[path]; ok {
			return at
		}
		// The area's word for a field may differ from the file's: user for users, admin for admins.
		if at, ok := f.at[path+"s"]; ok {
			return at
		}
		path = path[:max(0, strings.LastIndexAny(path, ".["))]
	}
	return Position{1, 1}
}

type reader struct {
	out Spec
	// unread says that there is no workspace, without which nothing can be planned.
	unread bool
	bad    []fault.Field
	at     map[string]Position
}

func (r *reader) fault(path, id string, args message.Args) {
	r.bad = append(r.bad, fault.Field{Name: path, Text: said(id, args)})
}

func (r *reader) mark(path string, t *token.Token) {
	if t != nil && t.Position != nil {
		r.at[path] = Position{t.Position.Line, t.Position.Column}
	}
}

// markValue marks what is wrong with a value at the value, if it is a single one, otherwise at its key.
func (r *reader) markValue(path string, pair *ast.MappingValueNode) {
	if _, single := scalar(pair.Value); single {
		r.mark(path, pair.Value.GetToken())
	}
}

// whole is the path of what is wrong with the file as such.
const whole = "file"

func (r *reader) parse(data []byte) (ast.Node, bool) {
	r.at[whole] = Position{1, 1}
	switch {
	case len(data) > FileSize:
		r.fault(whole, "fault.bootstrap.size", message.Args{"Most": FileSize >> 20})
		return nil, false
	case !utf8.Valid(data):
		r.fault(whole, "fault.bootstrap.encoding", nil)
		return nil, false
	}
	file, err := parser.ParseBytes(data, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		var at yaml.Error
		if errors.As(err, &at) {
			r.mark(whole, at.GetToken())
			r.fault(whole, "fault.bootstrap.yaml", message.Args{"Evidence": text.Clean(at.GetMessage())})
		} else {
			r.fault(whole, "fault.bootstrap.yaml", message.Args{"Evidence": text.Clean(err.Error())})
		}
		return nil, false
	}
	var docs []ast.Node
	for _, d := range file.Docs {
		if d.Body != nil {
			docs = append(docs, d.Body)
		}
	}
	switch len(docs) {
	case 0:
		r.fault(whole, "fault.bootstrap.empty", nil)
		return nil, false
	case 1:
		return docs[0], true
	}
	r.mark(whole, docs[1].GetToken())
	r.fault(whole, "fault.bootstrap.documents", nil)
	return nil, false
}

// keys are the keys that a mapping may have, each with what reads its value.
type keys map[string]func(path string, node ast.Node)

// mapping reads a mapping; every key that is none of those is a fault that names the nearest.
func (r *reader) mapping(path string, node ast.Node, known keys) {
	pairs, ok := r.pairs(path, node)
	if !ok {
		return
	}
	prefix := path + "."
	if path == "" {
		prefix = ""
	}
	seen := map[string]bool{}
	for _, pair := range pairs {
		key := pair.Key.GetToken().Value
		at := prefix + text.Clean(key)
		r.mark(at, pair.Key.GetToken())
		read, is := known[key]
		switch {
		case !is:
			r.unknown(at, key, known)
		case seen[key]:
			r.fault(at, "fault.bootstrap.twice", message.Args{"Key": key})
		default:
			r.markValue(at, pair)
			if _, empty := pair.Value.(*ast.NullNode); !empty {
				read(at, pair.Value)
			}
		}
		seen[key] = true
	}
}

func (r *reader) unknown(at, key string, known keys) {
	names := make([]string, 0, len(known))
	for name := range known {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int { return cmp.Or(len(a)-len(b), strings.Compare(a, b)) })
	near := text.Nearest(key, names, 1)
	if len(near) == 0 {
		r.fault(at, "fault.bootstrap.key", message.Args{"Key": key})
		return
	}
	r.fault(at, "fault.bootstrap.key.near", message.Args{"Key": key, "Near": near[0]})
}

func (r *reader) pairs(path string, node ast.Node) ([]*ast.MappingValueNode, bool) {
	switch n := plain(node).(type) {
	case *ast.MappingNode:
		return n.Values, true
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{n}, true
	}
	if path == "" {
		path = whole
		r.mark(path, node.GetToken())
	}
	r.fault(path, "fault.bootstrap.mapping", nil)
	return nil, false
}

// plain is a node without the anchor or the tag before it.
func plain(node ast.Node) ast.Node {
	for {
		switch n := node.(type) {
		case *ast.AnchorNode:
			node = n.Value
		case *ast.TagNode:
			node = n.Value
		default:
			return node
		}
	}
}

// text reads a text; what looks like a number or a truth is the text that stands there.
func (r *reader) text(into *string) func(string, ast.Node) {
	return func(path string, node ast.Node) {
		if value, ok := scalar(node); ok {
			*into = value
			return
		}
		r.fault(path, "fault.bootstrap.text", nil)
	}
}

func scalar(node ast.Node) (string, bool) {
	switch n := plain(node).(type) {
	case *ast.StringNode:
		return n.Value, true
	case *ast.LiteralNode:
		return n.Value.Value, true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		return n.GetToken().Value, true
	}
	return "", false
}

func (r *reader) number(into *int) func(string, ast.Node) {
	return func(path string, node ast.Node) {
		value, _ := scalar(node)
		n, err := strconv.Atoi(value)
		if err != nil {
			r.fault(path, "fault.bootstrap.number", nil)
		}
		*into = n
	}
}

func (r *reader) truth(into *bool) func(string, ast.Node) {
	return func(path string, node ast.Node) {
		n, ok := plain(node).(*ast.BoolNode)
		if !ok {
			r.fault(path, "fault.bootstrap.truth", nil)
			return
		}
		*into = n.Value
	}
}

// list reads a list of texts; a single text is a list of one.
func (r *reader) list(into *[]string) func(string, ast.Node) {
	return func(path string, node ast.Node) {
		if value, ok := scalar(node); ok {
			*into = append(*into, value)
			return
		}
		items, ok := plain(node).(*ast.SequenceNode)
		if !ok {
			r.fault(path, "fault.bootstrap.list", nil)
			return
		}
		for i, item := range items.Values {
			at := path + "[" + strconv.Itoa(i) + "]"
			r.mark(at, item.GetToken())
			var value string
			r.text(&value)(at, item)
			*into = append(*into, value)
		}
	}
}

func (r *reader) properties(into *map[string]string) func(string, ast.Node) {
	return func(path string, node ast.Node) {
		pairs, ok := r.pairs(path, node)
		*into = map[string]string{}
		if !ok {
			return
		}
		for _, pair := range pairs {
			key := pair.Key.GetToken().Value
			at := path + "." + text.Clean(key)
			r.mark(at, pair.Key.GetToken())
			if _, twice := (*into)[key]; twice {
				r.fault(at, "fault.bootstrap.twice", message.Args{"Key": key})
			}
			var values []string
			if _, empty := pair.Value.(*ast.NullNode); !empty {
				r.markValue(at, pair)
				r.list(&values)(at, pair.Value) // several addresses may be a list
			}
			(*into)[key] = strings.Join(values, ",")
		}
	}
}

func (r *reader) spec(root ast.Node) {
	r.mapping("", root, keys{
		"workspace": func(path string, n ast.Node) {
			w := &r.out.Workspace
			r.mapping(path, n, keys{"region": r.text(&r.out.Region), "name": r.text(&w.Name), "display_name": r.text(&w.DisplayName),
				"description": r.text(&w.Description), "mode": r.text(&w.Mode), "template": r.text(&w.Template), "admins": r.list(&w.Admins)})
		},
		"resource_group": func(path string, n ast.Node) {
			g := &Group{}
			r.out.Group = g
			if name, ok := scalar(n); ok {
				g.Name = name
				return
			}
			r.mapping(path, n, keys{"name": r.text(&g.Name), "create": func(path string, n ast.Node) {
				c := &NewGroup{}
				g.Create = c
				r.mapping(path, n, keys{"billing": r.text(&c.Billing), "cu": r.number(&c.Size), "duration": r.number(&c.Duration), "unit": r.text(&c.Unit),
					"auto_renew": r.truth(&c.AutoRenew), "vpc": r.text(&c.VPC), "vswitch": r.text(&c.VSwitch), "cidr": r.text(&c.CIDR), "remark": r.text(&c.Remark)})
			}})
		},
		"members": r.members,
		"engine": func(path string, n ast.Node) {
			e := &Engine{}
			r.out.Engine = e
			r.mapping(path, n, keys{"name": r.text(&e.Name), "type": r.text(&e.Type), "dev_identity": r.text(&e.DevIdentity), "prod_identity": r.text(&e.ProdIdentity)})
		},
		"data_source": func(path string, n ast.Node) {
			d, test := &Source{}, true
			r.out.Source = d
			r.mapping(path, n, keys{"name": r.text(&d.Name), "type": r.text(&d.Type), "description": r.text(&d.Description),
				"dev": r.properties(&d.Dev), "prod": r.properties(&d.Prod), "test": r.truth(&test)})
			d.Untested = !test
		},
	})
	if _, there := r.at["workspace"]; !there {
		r.fault(whole, "fault.bootstrap.workspace", nil)
		r.unread = true
	}
}

// members reads who becomes a member: a list of users with roles.
func (r *reader) members(path string, node ast.Node) {
	items, ok := plain(node).(*ast.SequenceNode)
	if !ok {
		r.fault(path, "fault.bootstrap.list", nil)
		return
	}
	for i, item := range items.Values {
		var m Member
		at := path + "[" + strconv.Itoa(i) + "]"
		r.mark(at, item.GetToken())
		r.mapping(at, item, keys{"user": r.text(&m.User), "roles": r.list(&m.Roles), "role": r.list(&m.Roles)})
		r.out.Members = append(r.out.Members, m)
	}
}
