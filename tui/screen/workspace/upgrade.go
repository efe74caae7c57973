package workspace

import (
	"cmp"
	"context"
	"errors"
	"strings"

	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/message"
	core "reeve/core/workspace"
	"reeve/tui/screen"
	"reeve/tui/theme"
	"reeve/tui/widget"
)

// refusal is the verdict on an act that the state of a workspace may refuse.
func refusal(err error) control.Verdict {
	var refused *fault.Refused
	if errors.As(err, &refused) {
		return control.Verdict{Reason: refused.Reason}
	}
	return control.Possible()
}

// shownLosses bounds the losses that the question names one by one.
const shownLosses = 8

// upgrade shows what doubles and who loses what, and asks for the name of the workspace.
func (a acts) upgrade(w core.Workspace) []screen.Event {
	env := a.env
	return []screen.Event{screen.Run("preview", "", func(ctx context.Context) (core.UpgradePreview, error) {
		return env.Workspaces.PreviewUpgrade(ctx, ref(w))
	}, func(p core.UpgradePreview, err error) []screen.Event {
		if err != nil {
			return env.Fail(err)
		}
		d := widget.NewDialog(env.With("upgrade.title", message.Args{"Name": w.Name}), a.upgradeBody(p),
			widget.Choice{ID: "no", Label: env.Text("dialog.cancel"), Key: "n"},
			widget.Choice{ID: "yes", Label: env.Text("action.workspace.upgrade.short"), Key: "y", Danger: true})
		d.RequireName(env.With("dialog.type_name", message.Args{"Name": w.Name}), w.Name)
		return []screen.Event{screen.Show{Overlay: screen.Ask(d, func(choice string) []screen.Event {
			if choice != "yes" {
				return nil
			}
			return []screen.Event{screen.Run("upgrade", env.Text("job.saving"), func(ctx context.Context) (core.Upgraded, error) {
				return env.Workspaces.Upgrade(ctx, ref(w), core.ToStandard{Acknowledged: true, Version: w.Version})
			}, func(_ core.Upgraded, err error) []screen.Event {
				if err != nil {
					return env.Fail(err)
				}
				return []screen.Event{screen.Did{Text: message.Text{ID: "upgrade.done", Args: message.Args{"Name": w.Name}}}}
			})}
		})}}
	})}
}

func (a acts) upgradeBody(p core.UpgradePreview) []widget.BodyLine {
	env := a.env
	body := []widget.BodyLine{{Text: env.Text("upgrade.about"), Role: theme.Muted}}
	line := func(role theme.Role, id string, args message.Args) {
		body = append(body, widget.BodyLine{Text: env.With(id, args), Role: role})
	}
	for _, e := range p.Engines {
		id := "upgrade.engine"
		if e.DevProject != "" {
			id = "upgrade.engine.project"
		}
		line(theme.Text, id, message.Args{"Engine": e.Engine, "Project": e.DevProject, "Dev": cmp.Or(e.DevIdentity, "-"), "Prod": cmp.Or(e.ProdIdentity, "-")})
	}
	if len(p.Sources) > 0 {
		line(theme.Text, "upgrade.sources", message.Args{"Count": len(p.Sources), "Names": strings.Join(p.Sources, ", ")})
	}
	if len(p.Losses) == 0 {
		line(theme.Muted, "upgrade.no_losses", nil)
	} else {
		line(theme.Warning, "upgrade.losses", message.Args{"Count": len(p.Losses)})
	}
	for i, l := range p.Losses {
		if i == shownLosses {
			line(theme.Muted, "effect.more", message.Args{"Count": len(p.Losses) - i})
			break
		}
		line(theme.Text, "upgrade.loss", message.Args{"User": l.User, "Engine": l.Engine, "Role": l.EngineRole})
	}
	line(theme.Danger, "upgrade.never", nil)
	return body
}
