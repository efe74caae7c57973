package directory

import (
	"context"

	"reeve/core/control"
	core "reeve/core/directory"
	"reeve/core/message"
	"reeve/tui/screen"
	"reeve/tui/widget"
)

func (s *List) addGroup() []screen.Event {
	env := s.env
	form := widget.NewForm(widget.TextField("name", env.Text("user.names"), "").WithHelp(env.Text("user.names.help")).WithLimit(2000))
	var box *screen.FormBox
	box = screen.NewFormBox(env, env.Text("user_group.add.title"), form, func(f *widget.Form) []screen.Event {
		names := screen.Words(f.Value("name"))
		return []screen.Event{screen.Run("user_group", env.Text("job.saving"), func(ctx context.Context) ([]core.Group, error) { return env.Users.AddGroup(ctx, names) },
			func(added []core.Group, err error) []screen.Event {
				if err != nil {
					return box.Failed(err)
				}
				return []screen.Event{screen.Hide{Overlay: box}, screen.Did{Text: message.Text{ID: "user_group.added", Args: message.Args{"Count": len(added)}}}}
			})}
	})
	return []screen.Event{screen.Show{Overlay: box}}
}

// setMembers asks who comes into a group and who goes, and shows what that does to them first: members of a group have what
// the group was given.
func (s *List) setMembers(u core.User) []screen.Event {
	env := s.env
	form := widget.NewForm(
		widget.TextField("add", env.Text("user_group.add_members"), "").WithHelp(env.Text("user.names.help")).WithLimit(4000),
		widget.TextField("remove", env.Text("user_group.remove_members"), "").WithHelp(env.Text("user.names.help")).WithLimit(4000),
	)
	var box *screen.FormBox
	box = screen.NewFormBox(env, env.With("user_group.members.title", message.Args{"Name": u.Name}), form, func(f *widget.Form) []screen.Event {
		in := core.GroupMembers{Group: u.Name, Add: screen.Words(f.Value("add")), Remove: screen.Words(f.Value("remove"))}
		return env.Confirm(box.Failed, []screen.Event{screen.Hide{Overlay: box}}, env.Text("form.save"),
			func(ctx context.Context) (control.Outcome, error) { return env.Users.PreviewSetGroupMembers(ctx, in) },
			func() []screen.Event {
				in.OwnLoss = true // the preview has said so
				return []screen.Event{screen.Run("user_group", env.Text("job.saving"), func(ctx context.Context) (core.Group, error) { return env.Users.SetGroupMembers(ctx, in) },
					func(g core.Group, err error) []screen.Event {
						if err != nil {
							return env.Fail(err)
						}
						return []screen.Event{screen.Did{Text: message.Text{ID: "user_group.saved", Args: message.Args{"Name": g.Name}}}}
					})}
			})
	})
	return []screen.Event{screen.Show{Overlay: box}}
}
