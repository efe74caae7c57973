package overview

import (
	"context"
	"strconv"
	"strings"

	"reeve/core/alert"
	"reeve/core/message"
	"reeve/tui/screen"
	"reeve/tui/widget"
)

// limitAlerts asks how many alerts may be sent in a day in the region that one is in, by channel.
func (s *Overview) limitAlerts() []screen.Event {
	env, region := s.env, s.region
	return []screen.Event{screen.Run("budgets", "", func(ctx context.Context) ([]alert.Budget, error) { return env.Alerts.Budgets(ctx, region) },
		func(budgets []alert.Budget, err error) []screen.Event {
			if err != nil {
				return env.Fail(err)
			}
			return s.limitForm(budgets)
		})}
}

func (s *Overview) limitForm(budgets []alert.Budget) []screen.Event {
	env, region := s.env, s.region
	var fields []*widget.Field
	for _, b := range budgets {
		value := ""
		if b.PerDay != alert.Unlimited {
			value = strconv.Itoa(b.PerDay)
		}
		fields = append(fields, widget.TextField(string(b.Channel), env.Text("alert.channel."+string(b.Channel)), value).
			WithHelp(env.Text("overview.alerts.help")).WithLimit(8).WithValidate(func(text string) string {
			if _, ok := perDay(text); !ok {
				return env.With("fault.alert.per_day", message.Args{"Most": alert.MostPerDay})
			}
			return ""
		}))
	}
	var box *screen.FormBox
	box = screen.NewFormBox(env, env.With("overview.alerts.title", message.Args{"Region": region}), widget.NewForm(fields...), func(f *widget.Form) []screen.Event {
		return []screen.Event{screen.Run("limit", env.Text("job.saving"), func(ctx context.Context) (struct{}, error) {
			for _, b := range budgets {
				limit, _ := perDay(f.Value(string(b.Channel)))
				if limit == b.PerDay {
					continue
				}
				if _, err := env.Alerts.SetLimit(ctx, region, b.Channel, limit, b.Version); err != nil {
					return struct{}{}, err
				}
			}
			return struct{}{}, nil
		}, func(_ struct{}, err error) []screen.Event {
			if err != nil {
				return box.Failed(err)
			}
			return []screen.Event{screen.Hide{Overlay: box}, screen.Did{Text: message.Text{ID: "overview.alerts.set"}}}
		})}
	})
	return []screen.Event{screen.Show{Overlay: box}}
}

// perDay reads a limit; empty is none.
func perDay(text string) (int, bool) {
	if text = strings.TrimSpace(text); text == "" {
		return alert.Unlimited, true
	}
	n, err := strconv.Atoi(text)
	return n, err == nil && n >= 0 && n <= alert.MostPerDay
}
