package plan

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	"reeve/core/fault"
	"reeve/core/message"
	"reeve/core/text"
)

// deepest bounds how deep lists and maps of a document may stand in one another on one line; the parser calls itself for each.
const deepest = 64

// faults collects everything that is wrong with a document, each with its place.
type faults struct {
	fields []fault.Field
	places []Place
}

// add says what is wrong at a place; what stands nowhere in the document is said without one.
func (f *faults) add(at Place, unknown bool, what message.Text) {
	if at != (Place{}) {
		what = message.Text{ID: "fault.plan.at", Args: message.Args{"Line": at.Line, "Column": at.Column, "What": what}}
	}
	f.places = append(f.places, at)
	f.fields = append(f.fields, fault.Field{Name: "document", Unknown: unknown, Text: what})
}

func (f *faults) say(at Place, id string, args message.Args) {
	f.add(at, false, message.Text{ID: id, Args: args})
}

// near bounds the names that a fault offers.
const near = 3

// What keys and operations are called. One that is not known is a mistake of the document, and nothing that was not found.
const (
	keyThing       = "key"
	operationThing = "action"
)

// unknown says that there is no such thing, with the names that come nearest.
func (f *faults) unknown(at Place, what, name string, nearest []string) {
	id := "fault.plan.unknown"
	if len(nearest) > 0 {
		id = "fault.plan.unknown.near"
	}
	f.add(at, what != keyThing && what != operationThing, message.Text{ID: id, Args: message.Args{"What": message.Text{ID: "thing." + what}, "Name": name, "Near": strings.Join(nearest, ", ")}})
}

// err is everything that is wrong in the order of the document, nil if nothing is.
func (f *faults) err() error {
	if len(f.fields) == 0 {
		return nil
	}
	order := make([]int, len(f.fields))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Or(f.places[a].Line-f.places[b].Line, f.places[a].Column-f.places[b].Column)
	})
	invalid := &fault.Invalid{}
	for _, i := range order {
		invalid.Fields = append(invalid.Fields, f.fields[i])
	}
	return invalid
}

// parse reads text as one YAML document. A nil node is an empty one.
func parse(data []byte, f *faults) (root ast.Node) {
	broken := func(at Place, problem string) {
		f.say(at, "fault.plan.syntax", message.Args{"Problem": text.Clean(problem)})
	}
	tokens := lexer.Tokenize(string(data))
	if at, deep := tooDeep(tokens); deep {
		f.say(at, "fault.plan.deep", message.Args{"Most": deepest})
		return nil
	}
	defer func() {
		// The parser is not ours, and a document that it trips over is a broken document and no reason to end the program.
		if r := recover(); r != nil {
			broken(Place{1, 1}, fmt.Sprint(r))
		}
	}()
	file, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	var where yaml.Error
	switch {
	case errors.As(err, &where):
		broken(placeOf(where.GetToken()), where.GetMessage())
		return nil
	case err != nil:
		broken(Place{1, 1}, err.Error())
		return nil
	}
	var found []ast.Node
	for _, d := range file.Docs {
		if d.Body != nil && d.Body.Type() != ast.CommentType {
			found = append(found, d.Body)
		}
	}
	if len(found) > 1 {
		f.say(at(found[1]), "fault.plan.documents", nil)
	}
	if len(found) == 0 {
		return nil
	}
	return found[0]
}

// tooDeep finds where a line goes deeper than a document of ours ever has to.
func tooDeep(tokens token.Tokens) (Place, bool) {
	open, begun, line := 0, 0, 0
	for _, t := range tokens {
		if t.Position.Line != line {
			line, begun = t.Position.Line, 0
		}
		switch t.Type {
		case token.SequenceStartType, token.MappingStartType:
			open++
		case token.SequenceEndType, token.MappingEndType:
			open--
		case token.SequenceEntryType, token.MappingKeyType:
			begun++
		default:
		}
		if open > deepest || begun > deepest {
			return placeOf(t), true
		}
	}
	return Place{}, false
}

func placeOf(t *token.Token) Place {
	if t == nil || t.Position == nil {
		return Place{1, 1}
	}
	return Place{t.Position.Line, t.Position.Column}
}

// at is where a node begins.
func at(n ast.Node) Place {
	switch n := n.(type) {
	case *ast.MappingNode:
		if !n.IsFlowStyle && len(n.Values) > 0 {
			return at(n.Values[0].Key)
		}
	case *ast.MappingValueNode:
		return at(n.Key)
	case nil:
		return Place{1, 1}
	}
	return placeOf(n.GetToken())
}

// pair is a key of a map with what stands behind it.
type pair struct {
	key   Word
	value ast.Node
}

// pairs are the keys of a map, each once. What is no map, and a key that is no text, is a fault.
func (f *faults) pairs(n ast.Node) (found []pair, ok bool) {
	var values []*ast.MappingValueNode
	switch n := n.(type) {
	case *ast.MappingNode:
		values = n.Values
	case *ast.MappingValueNode:
		values = []*ast.MappingValueNode{n}
	default:
		f.kind(n, "fault.plan.map")
		return nil, false
	}
	seen := map[string]int{}
	for _, v := range values {
		key, ok := f.word(v.Key)
		if !ok {
			continue
		}
		if line, twice := seen[key.Text]; twice {
			f.say(key.At, "fault.plan.twice", message.Args{"Key": key.Text, "Before": line})
			continue
		}
		seen[key.Text] = key.At.Line
		found = append(found, pair{key, v.Value})
	}
	return found, true
}

// kind says that something of another kind should stand here; anchors, aliases and tags are of no kind that is read.
func (f *faults) kind(n ast.Node, id string) {
	switch n.(type) {
	case *ast.AliasNode, *ast.AnchorNode, *ast.TagNode, *ast.MergeKeyNode:
		id = "fault.plan.plain"
	}
	f.say(at(n), id, nil)
}

// object reads a map by key. A key that is not known is a fault, with the nearest ones.
func (f *faults) object(n ast.Node, read map[string]func(n ast.Node)) (place Place, ok bool) {
	found, ok := f.pairs(n)
	for _, p := range found {
		if r, known := read[p.key.Text]; known {
			r(p.value)
			continue
		}
		f.unknown(p.key.At, keyThing, p.key.Text, nearKeys(p.key.Text, read))
	}
	return at(n), ok
}

// list reads a list. What stands for nothing is an empty one.
func (f *faults) list(n ast.Node, item func(n ast.Node)) {
	switch n := n.(type) {
	case *ast.SequenceNode:
		for _, v := range n.Values {
			item(v)
		}
	case *ast.NullNode:
	default:
		f.kind(n, "fault.plan.list")
	}
}

// word reads one text. Numbers and truth are taken as they are written, for names may look like them.
func (f *faults) word(n ast.Node) (Word, bool) {
	w := Word{At: at(n)}
	switch n := n.(type) {
	case *ast.StringNode:
		w.Text = n.Value
	case *ast.LiteralNode:
		w.Text = n.Value.Value
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		w.Text = n.GetToken().Value
	default:
		f.kind(n, "fault.plan.text")
		return w, false
	}
	return w, true
}

// into reads one text to somewhere.
func (f *faults) into(w *Word) func(n ast.Node) {
	return func(n ast.Node) {
		if got, ok := f.word(n); ok {
			*w = got
		}
	}
}

func (f *faults) truth(to *bool) func(n ast.Node) {
	return func(n ast.Node) {
		b, ok := n.(*ast.BoolNode)
		if !ok {
			f.kind(n, "fault.plan.truth")
			return
		}
		*to = b.Value
	}
}

// until reads when a grant ends: a time (RFC 3339), or a day of UTC, which still counts as a whole. How long from now is
// refused: what a document says is not to depend on when it is read.
func (f *faults) until(to *time.Time) func(n ast.Node) {
	return func(n ast.Node) {
		w, ok := f.word(n)
		if !ok {
			return
		}
		if t, err := time.Parse(time.RFC3339, w.Text); err == nil {
			*to = t.UTC().Truncate(time.Second)
			return
		}
		day, err := time.Parse(time.DateOnly, w.Text)
		if err != nil {
			f.say(w.At, "fault.plan.until", message.Args{"Value": w.Text})
			return
		}
		*to = day.AddDate(0, 0, 1)
	}
}
