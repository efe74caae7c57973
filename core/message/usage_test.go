package message_test

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"reeve/assets"
	"reeve/core/message"
)

// dynamicFamilies are the beginnings of ids that code puts together from data, so that no literal names them whole.
var dynamicFamilies = []string{"module.", "role.role_", "action.", "field.", "region.", "edition."}

// usage is what the source says about message ids.
type usage struct {
	asked    map[string]string // ids asked for, with the place of one question
	literals map[string]bool   // every string literal
	families []string          // literals that end with a dot and have something added
}

func newUsage() *usage {
	return &usage{asked: map[string]string{}, literals: map[string]bool{}, families: slices.Clone(dynamicFamilies)}
}

func (u *usage) readTree(t *testing.T, root string) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		if d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		source, err := os.ReadFile(path) // #nosec G122 G304 -- the test reads the source of its own module
		if err != nil {
			return err
		}
		return u.readFile(path, source)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (u *usage) readFile(path string, source []byte) error {
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, path, source, parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	ask := func(e ast.Expr) {
		if id, ok := literal(e); ok {
			u.asked[id] = set.Position(e.Pos()).String()
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ImportSpec:
			return false
		case *ast.BasicLit:
			if text, ok := literal(n); ok {
				u.literals[text] = true
			}
		case *ast.BinaryExpr:
			if text, ok := literal(n.X); ok && n.Op == token.ADD && strings.HasSuffix(text, ".") {
				u.families = append(u.families, text)
			}
		case *ast.CallExpr:
			s, ok := n.Fun.(*ast.SelectorExpr)
			switch {
			case !ok:
			case (s.Sel.Name == "Text" || s.Sel.Name == "With") && len(n.Args) > 0:
				ask(n.Args[0])
			case s.Sel.Name == "OneField" && len(n.Args) > 1:
				ask(n.Args[1])
			}
		case *ast.CompositeLit:
			readText(n, ask)
		}
		return true
	})
	return nil
}

// readText asks for the id of a literal message.Text, also where it is an element whose type is left out.
func readText(n *ast.CompositeLit, ask func(ast.Expr)) {
	if isText(n.Type) {
		askID(n, ask)
		return
	}
	var element ast.Expr
	switch kind := n.Type.(type) {
	case *ast.ArrayType:
		element = kind.Elt
	case *ast.MapType:
		element = kind.Value
	}
	if !isText(element) {
		return
	}
	for _, e := range n.Elts {
		if pair, ok := e.(*ast.KeyValueExpr); ok {
			e = pair.Value
		}
		if inner, ok := e.(*ast.CompositeLit); ok && inner.Type == nil {
			askID(inner, ask)
		}
	}
}

func isText(e ast.Expr) bool {
	s, ok := e.(*ast.SelectorExpr)
	if !ok || s.Sel.Name != "Text" {
		return false
	}
	pkg, ok := s.X.(*ast.Ident)
	return ok && pkg.Name == "message"
}

func askID(n *ast.CompositeLit, ask func(ast.Expr)) {
	for i, e := range n.Elts {
		pair, ok := e.(*ast.KeyValueExpr)
		if !ok {
			if i == 0 {
				ask(e)
			}
			continue
		}
		if key, ok := pair.Key.(*ast.Ident); ok && key.Name == "ID" {
			ask(pair.Value)
		}
	}
}

func literal(e ast.Expr) (string, bool) {
	l, ok := e.(*ast.BasicLit)
	if !ok || l.Kind != token.STRING {
		return "", false
	}
	text, err := strconv.Unquote(l.Value)
	return text, err == nil
}

// missing returns the ids asked for that the catalogue lacks, with the place of the question.
func (u *usage) missing(p *message.Printer) []string {
	var faults []string
	for id, place := range u.asked {
		if !p.Has(id) {
			faults = append(faults, id+" asked for at "+place)
		}
	}
	slices.Sort(faults)
	return faults
}

// unused returns the ids that no literal names and that belong to no family put together from data.
func (u *usage) unused(ids []string) []string {
	return slices.DeleteFunc(slices.Clone(ids), func(id string) bool {
		return u.literals[id] || slices.ContainsFunc(u.families, func(f string) bool { return strings.HasPrefix(id, f) })
	})
}

func TestSourceAndCatalogueAgree(t *testing.T) {
	c, err := message.Load(assets.Messages())
	if err != nil {
		t.Fatal(err)
	}
	u := newUsage()
	for _, root := range []string{"../../core", "../../storage", "../../tui", "../../cmd"} {
		u.readTree(t, root)
	}
	if len(u.asked) == 0 {
		t.Fatal("no message is asked for anywhere: the source was not found")
	}
	for _, fault := range u.missing(c.Printer("en")) {
		t.Errorf("the English catalogue has no %s", fault)
	}
	for _, id := range u.unused(c.IDs()) {
		t.Errorf("no source uses the message %s", id)
	}
}

func TestUsageFindsIDs(t *testing.T) {
	u := newUsage()
	err := u.readFile("sample.go", []byte(`package sample
import "a.package"
const title = "a.constant"
var one = message.Text{ID: "a.keyed", Args: nil}
var two = message.Text{"a.placed", nil}
var three = []message.Text{{ID: "a.listed"}}
var four = map[int]message.Text{1: {ID: "a.mapped"}}
var five = &message.Text{ID: "a.pointed"}
var other = Other{ID: "a.other"}
var six = fault.OneField("name", "a.field", nil)
func f(p *message.Printer, kind string) string {
	return p.Text("a.text") + p.With("a.with", nil) + p.Text("kind." + kind) + p.Text(title)
}`))
	if err != nil {
		t.Fatal(err)
	}
	c := load(t, map[string]string{"en/a.yaml": `
a.keyed: x
a.constant: x
a.unused: x
a.package: x
kind.one: x
module.any: x
`})
	var got []string
	for _, fault := range u.missing(c.Printer("en")) {
		id, _, _ := strings.Cut(fault, " ")
		got = append(got, id)
	}
	want := []string{"a.field", "a.listed", "a.mapped", "a.placed", "a.pointed", "a.text", "a.with"}
	if !slices.Equal(got, want) {
		t.Errorf("missing %v, want %v", got, want)
	}
	if got := u.unused(c.IDs()); !slices.Equal(got, []string{"a.package", "a.unused"}) {
		t.Errorf("unused %v", got)
	}
}
