package workspace

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"reeve/core/access"
	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/message"
	"reeve/core/text"
)

// Link is the template of the address of a module. {region}, {workspace} and {workspace_id} in it stand for the place.
type Link struct {
	Module string `json:"module"`
	// URL is the template, or in an answer about a workspace the address itself; empty for a module without one.
	URL string `json:"url"`
}

// placeholders are what a template may have in braces.
func placeholders() []string { return []string{"{region}", "{workspace}", "{workspace_id}"} }

// maxLink bounds a template, in characters. The number is ours.
const maxLink = 2000

// LinkFault says what is wrong with the template of an address.
func LinkFault(template string) (message.Text, bool) {
	wrong := func(id string, args message.Args) (message.Text, bool) { return message.Text{ID: id, Args: args}, true }
	if what, ok := (text.Rule{Min: 1, Max: maxLink}).Check(template); !ok {
		return what, true
	}
	filled := template
	for _, p := range placeholders() {
		filled = strings.ReplaceAll(filled, p, "x")
	}
	if strings.ContainsAny(filled, "{}") {
		return wrong("fault.link.placeholder", message.Args{"Known": strings.Join(placeholders(), ", ")})
	}
	u, err := url.Parse(filled)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || strings.ContainsAny(filled, " \t") {
		return wrong("fault.link.form", nil)
	}
	if u.User != nil {
		return wrong("fault.link.secret", nil)
	}
	return message.Text{}, false
}

// At is the address of the module for a workspace. What is filled in is escaped.
func (l Link) At(w Workspace) string {
	return strings.NewReplacer("{region}", url.PathEscape(w.Region), "{workspace}", url.PathEscape(w.Name),
		"{workspace_id}", strconv.FormatUint(uint64(w.ID), 10)).Replace(l.URL)
}

// Links lists the modules of workspaces with the templates of their addresses, those without one included.
func (s *Service) Links(ctx context.Context) ([]Link, error) {
	return control.Ask(ctx, s.gate, control.Query[[]Link]{
		Action: action.TenantLinks,
		Do:     func(ctx context.Context, _ control.Target, _ control.Viewer) ([]Link, error) { return s.links(ctx) },
	})
}

func (s *Service) links(ctx context.Context) ([]Link, error) {
	set, err := s.store.Links(ctx)
	var links []Link
	for _, m := range access.WorkspaceModules() {
		links = append(links, Link{Module: m.Code(), URL: set[m.Code()]})
	}
	return links, err
}

// SetLink sets the template of the address of a module.
func (s *Service) SetLink(ctx context.Context, module, template string) (Link, error) {
	return s.setLink(ctx, action.TenantSetLink, module, template, func() []fault.Field {
		if what, bad := LinkFault(template); bad {
			return []fault.Field{{Name: "url", Text: what}}
		}
		return nil
	})
}

// RemoveLink takes the template of a module away.
func (s *Service) RemoveLink(ctx context.Context, module string) (Link, error) {
	return s.setLink(ctx, action.TenantRemoveLink, module, "", func() []fault.Field { return nil })
}

func (s *Service) setLink(ctx context.Context, id action.ID, module, template string, check func() []fault.Field) (Link, error) {
	code, known := moduleCode(module)
	return control.Do(ctx, s.gate, control.Change[Link]{
		Action: id,
		Target: func(context.Context) (control.Target, error) { return control.Target{Kind: "link", Name: code}, nil },
		Check: func(context.Context, control.Target) ([]fault.Field, error) {
			bad := check()
			if !known {
				bad = append(bad, unknownModule(module))
			}
			return bad, nil
		},
		Apply: func(ctx context.Context, _ control.Target, _ control.Actor) (control.Applied[Link], error) {
			none := control.Applied[Link]{}
			had, err := s.store.SetLink(ctx, code, template)
			if err != nil {
				return none, err
			}
			after := Link{Module: code, URL: template}
			applied := control.Applied[Link]{Value: after}
			switch {
			case had == template && template == "":
				return none, &fault.Refused{Reason: message.Text{ID: "fault.link.none", Args: message.Args{"Module": code}}}
			case had == template:
				applied.Nothing = true
				return applied, nil
			}
			if had != "" {
				applied.Before = Link{Module: code, URL: had}
			}
			if template != "" {
				applied.After = after
			}
			return applied, nil
		},
	})
}

// moduleCode is the code of a module of workspaces that is named by its code, its name or another name of it.
func moduleCode(name string) (string, bool) {
	m, err := access.ParseModule(access.PlaneWorkspace, name)
	if err != nil || !slices.Contains(access.WorkspaceModules(), m) {
		return text.Clean(name), false
	}
	return m.Code(), true
}

func unknownModule(name string) fault.Field {
	var codes []string
	for _, m := range access.WorkspaceModules() {
		codes = append(codes, m.Code())
	}
	near := text.Nearest(name, codes, 3)
	if len(near) == 0 {
		near = codes
	}
	return fault.Field{Name: "module", Unknown: true, Text: message.Text{ID: "fault.link.module", Args: message.Args{
		"Module": text.Clean(name), "Near": strings.Join(near, ", ")}}}
}

// GoTo is the addresses of the modules of a workspace, or of one module of it: of those that have one.
func (s *Service) GoTo(ctx context.Context, ref control.Ref, module string) ([]Link, error) {
	return control.Ask(ctx, s.gate, control.Query[[]Link]{
		Action: action.WorkspaceGoTo,
		Target: control.At(s.store, ref),
		Do: func(ctx context.Context, t control.Target, _ control.Viewer) ([]Link, error) {
			w, err := s.store.Get(ctx, t.Workspace)
			if err == nil {
				err = w.Allows(EventGoTo)
			}
			if err != nil {
				return nil, err
			}
			code, known := moduleCode(module)
			if module != "" && !known {
				return nil, &fault.Invalid{Fields: []fault.Field{unknownModule(module)}}
			}
			links, err := s.links(ctx)
			if err != nil {
				return nil, err
			}
			var found []Link
			for _, l := range links {
				if l.URL != "" && (module == "" || l.Module == code) {
					found = append(found, Link{Module: l.Module, URL: l.At(w)})
				}
			}
			if len(found) == 0 && module != "" {
				return nil, &fault.Refused{Reason: message.Text{ID: "fault.link.none", Args: message.Args{"Module": code}},
					Way: message.Text{ID: "fault.link.none.next", Args: message.Args{"Module": code}}}
			}
			return found, nil
		},
	})
}
