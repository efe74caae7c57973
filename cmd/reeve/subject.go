package main

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"reeve/core/access"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/message"
	"reeve/core/question"
)

// subject is what a question is about, as its flags say it: a module at a level, in a workspace or, where it is a global
// module, in a region; a capability in a region; or an operation of the console.
type subject struct {
	user, workspace, region, module, level, capability string
	action, resource, workspaceName, scope             string
}

func (c *cli) moduleFlags(cmd *cobra.Command, q *subject) {
	cmd.Flags().StringVar(&q.module, "module", "", c.p.Text("cli.access.module"))
	cmd.Flags().StringVar(&q.level, "level", "", c.p.Text("cli.access.level"))
}

// subjectFlags are the flags of questions on all planes.
func (c *cli) subjectFlags(cmd *cobra.Command, q *subject) {
	c.moduleFlags(cmd, q)
	cmd.Flags().StringVarP(&q.workspace, "workspace", "w", "", c.p.Text("cli.access.workspace"))
	cmd.Flags().StringVar(&q.capability, "capability", "", c.p.Text("cli.access.capability"))
	cmd.Flags().StringVar(&q.action, "action", "", c.p.Text("cli.access.action"))
	cmd.Flags().StringVar(&q.resource, "resource", "", c.p.Text("cli.access.resource"))
	cmd.Flags().StringVar(&q.workspaceName, "workspace-name", "", c.p.Text("cli.access.workspace_name"))
	cmd.Flags().StringVar(&q.scope, "scope", "", c.p.Text("cli.access.scope"))
}

func (c *cli) userFlag(cmd *cobra.Command, user *string, needed bool) {
	cmd.Flags().StringVar(user, "user", "", c.p.Text("cli.access.user"))
	if needed {
		c.need(cmd, "user", "USER")
	}
}

// read turns the flags into a question, on the plane that governs what it names.
func (c *cli) read(ctx context.Context, s *system, q subject) (question.Subject, error) {
	out := question.Subject{User: q.user, Action: q.action, Resource: q.resource, Scope: q.scope}
	if q.region == "" {
		q.region = c.flags.region
	}
	named := 0
	for _, one := range []string{q.module, q.capability, q.action} {
		if one != "" {
			named++
		}
	}
	if named != 1 {
		return out, &usageFault{what: message.Text{ID: "cli.access.what"}, next: message.Text{ID: "cli.access.what.next"}}
	}
	switch {
	case q.module != "":
		return c.readModule(ctx, s, q, out)
	case q.capability != "":
		return c.readCapability(ctx, s, q, out)
	}
	return c.readAction(s, q, out)
}

// readModule is about a module of a workspace where one is named, else about a global one.
func (c *cli) readModule(ctx context.Context, s *system, q subject, out question.Subject) (question.Subject, error) {
	if q.workspace == "" {
		return c.readGlobal(ctx, s, q, out)
	}
	var err error
	if out.Module, out.Level, err = parseModule(access.PlaneWorkspace, q.module, q.level); err != nil {
		return out, err
	}
	out.Ref, err = s.place(q.region, q.workspace)
	return out, err
}

func (c *cli) readGlobal(ctx context.Context, s *system, q subject, out question.Subject) (question.Subject, error) {
	out.Plane = question.Tenant
	var err error
	if out.Module, out.Level, err = parseModule(access.PlaneGlobal, q.module, q.level); err != nil {
		return out, err
	}
	if out.Module.Plane() != access.PlaneGlobal {
		return out, &usageFault{what: message.Text{ID: "cli.access.needs_workspace", Args: message.Args{"Module": out.Module.Code()}},
			next: message.Text{ID: "cli.access.needs_workspace.next"}}
	}
	out.Ref.Region, err = c.regionOf(ctx, s, q.region)
	return out, err
}

func (c *cli) readCapability(ctx context.Context, s *system, q subject, out question.Subject) (question.Subject, error) {
	out.Plane = question.Tenant
	var err error
	if out.Capability, err = access.ParseCapability(q.capability); err != nil {
		return out, unknown("capability", q.capability, err)
	}
	out.Ref.Region, err = c.regionOf(ctx, s, q.region)
	return out, err
}

func (c *cli) readAction(s *system, q subject, out question.Subject) (question.Subject, error) {
	out.Plane = question.Console
	if q.workspaceName != "" && q.resource != "" {
		return out, fault.OneField("resource", "cli.access.one_resource", nil)
	}
	var err error
	if out.Action, err = access.FindAction(q.action, q.scope); err != nil {
		return out, unknown("action", q.action, err)
	}
	if out.Ref, err = s.place(q.region, q.workspace); err != nil {
		return out, err
	}
	if q.workspaceName != "" {
		out.Resource = access.ARN(out.Ref.Region, access.EntityWorkspace, q.workspaceName)
	}
	return out, nil
}

// parseModule reads module and level. A module that the plane does not govern is a fair question all the same: the answer is
// that it does not.
func parseModule(plane access.Plane, name, levelName string) (access.Module, access.Level, error) {
	other := access.PlaneGlobal
	if plane == access.PlaneGlobal {
		other = access.PlaneWorkspace
	}
	module, err := access.ParseModule(plane, name)
	if err != nil {
		elsewhere, otherErr := access.ParseModule(other, name)
		if otherErr != nil {
			return 0, 0, unknown("module", name, err, otherErr)
		}
		module = elsewhere
	}
	level, err := access.ParseLevel(levelName)
	if err != nil || level == access.None {
		return 0, 0, fault.OneField("level", "cli.level.unknown", message.Args{"Level": levelName, "Levels": "read, write"})
	}
	return module, level, nil
}

// unknown says that there is no such thing, with the nearest names of the first list that has some.
func unknown(what, name string, errs ...error) error {
	missing := &fault.NotFound{What: what, Name: name}
	for _, err := range errs {
		if near := nearest(err); near != "" && len(missing.Nearest) == 0 {
			missing.Nearest = strings.Split(near, ", ")
		}
	}
	return missing
}

// place reads how a person names a workspace: NAME, or REGION/NAME, with a region for the former.
func (s *system) place(region, name string) (control.Ref, error) {
	ref := control.Ref{Region: region, Workspace: name}
	if id, rest, ok := strings.Cut(name, "/"); ok {
		ref = control.Ref{Region: id, Workspace: rest}
	}
	if ref.Region == "" {
		return ref, nil
	}
	known, err := s.regions.Find(ref.Region)
	ref.Region = known.ID
	return ref, err
}

// regionOf is a region by its name, or the only active one where none is named.
func (c *cli) regionOf(ctx context.Context, s *system, name string) (string, error) {
	if name != "" {
		known, err := s.regions.Find(name)
		return known.ID, err
	}
	all, err := s.regions.List(ctx)
	if err != nil {
		return "", err
	}
	var active []string
	for _, r := range all {
		if r.Active {
			active = append(active, r.ID)
		}
	}
	if len(active) != 1 {
		return "", fault.OneField("region", "cli.region.which", message.Args{"Regions": strings.Join(active, ", ")})
	}
	return active[0], nil
}
