package plan

import (
	"strings"

	"github.com/goccy/go-yaml/ast"

	"reeve/core/access"
	"reeve/core/message"
)

func (r *reader) workspace(n ast.Node) (w Workspace) {
	w.Facts, w.Settings = map[string]Word{}, map[string]Setting{}
	keys := map[string]func(ast.Node){
		"region": r.into(&w.Region), "name": r.into(&w.Name),
		"roles": func(n ast.Node) {
			w.Roles = section(r, n, r.prune, r.role)
			once(r, w.Roles.Items, func(o Role) (Word, string) { return o.Name, o.Name.Text })
		},
		"settings": func(n ast.Node) { r.settings(n, w.Settings) },
		"tags": func(n ast.Node) {
			w.Tags, w.TagsAt = map[string]Setting{}, at(n)
			found, _ := r.pairs(n)
			for _, p := range found {
				if value, ok := r.word(p.value); ok {
					w.Tags[p.key.Text] = Setting{p.key, value}
				}
			}
		},
		"members": func(n ast.Node) {
			w.Members = section(r, n, r.prune, r.member)
			once(r, w.Members.Items, func(m Member) (Word, string) { return m.Name, m.Name.Text })
		},
	}
	for _, fact := range Facts() {
		keys[fact] = func(n ast.Node) {
			if word, ok := r.word(n); ok {
				w.Facts[fact] = word
			}
		}
	}
	place, ok := r.object(n, keys)
	if ok {
		r.need(place, map[string]Word{"name": w.Name})
	}
	if s, given := w.Facts[Status]; given && s.Text != Normal && s.Text != Disabled {
		r.say(s.At, "fault.plan.status", message.Args{"Status": s.Text})
	}
	return w
}

// settings reads settings by their keys. Which there are is not known here.
func (r *reader) settings(n ast.Node, to map[string]Setting) {
	found, _ := r.pairs(n)
	for _, p := range found {
		s := Setting{Key: p.key, Value: Word{At: at(p.value)}}
		if _, isList := p.value.(*ast.SequenceNode); isList {
			var entries []string
			r.list(p.value, func(n ast.Node) { entries = append(entries, r.anyWord(n).Text) })
			s.Value.Text = strings.Join(entries, ",")
		} else if value, ok := r.word(p.value); ok {
			s.Value = value
		} else {
			continue
		}
		to[p.key.Text] = s
	}
}

func (r *reader) role(n ast.Node) (o Role) {
	o.Modules = map[string]string{}
	place, ok := r.object(n, map[string]func(ast.Node){
		"name": r.into(&o.Name), "modules": func(n ast.Node) { r.modules(n, o.Modules) },
		"engine_roles": func(n ast.Node) {
			o.Engines = map[string]Word{}
			found, _ := r.pairs(n)
			for _, p := range found {
				if w, ok := r.word(p.value); ok {
					o.Engines[p.key.Text] = w
				}
			}
		},
	})
	o.At = place
	if ok {
		r.need(place, map[string]Word{"name": o.Name})
	}
	return o
}

func (r *reader) modules(n ast.Node, to map[string]string) {
	found, _ := r.pairs(n)
	for _, p := range found {
		m, err := access.ParseModule(access.PlaneWorkspace, p.key.Text)
		if err != nil {
			r.unknown(p.key.At, "module", p.key.Text, nearestOf(err))
		}
		w, ok := r.word(p.value)
		if !ok {
			continue
		}
		l, levelErr := access.ParseLevel(w.Text)
		if levelErr != nil {
			r.say(w.At, "fault.plan.level", message.Args{"Level": w.Text})
		}
		if err != nil || levelErr != nil {
			continue
		}
		if _, twice := to[m.Code()]; twice {
			r.say(p.key.At, "fault.plan.module.twice", message.Args{"Module": m.Code()})
		}
		to[m.Code()] = l.String()
	}
}

func (r *reader) member(n ast.Node) (m Member) {
	place, ok := r.object(n, map[string]func(ast.Node){"name": r.into(&m.Name), "roles": func(n ast.Node) { m.Roles = r.grants(n) }})
	if ok {
		r.need(place, map[string]Word{"name": m.Name})
	}
	return m
}
