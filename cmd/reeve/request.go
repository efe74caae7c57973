package main

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"reeve/core/action"
	"reeve/core/fault"
	"reeve/core/list"
	"reeve/core/message"
	"reeve/core/request"
)

func (c *cli) requestCommands() *cobra.Command {
	return c.group("request", c.p.Text("cli.group.request"), c.requestCreate(), c.requestList(), c.requestShow(), c.requestGrant(), c.requestRefuse(), c.requestWithdraw())
}

func requestRecord(r request.Request) record {
	var given record
	if r.Given != nil {
		given = record{{"role", r.Given.Code}, {"role_name", r.Given.Name}, {"until", r.Given.Until}}
	}
	return record{
		{"id", int64(r.ID)}, {"user", r.User}, {"kind", string(r.Kind)}, {"region", r.Region}, {"workspace", r.Workspace}, {"role", r.Role.Code},
		{"role_name", r.Role.Name}, {"because", r.Why}, {"until", r.Until}, {"lasts_seconds", r.Lasts}, {"state", string(r.State)}, {"asked_at", r.AskedAt},
		{"expires_at", r.ExpiresAt}, {"decided_at", r.DecidedAt}, {"decided_by", r.DecidedBy}, {"note", r.Note}, {"granted", orNothing(given)}, {"version", r.Version},
	}
}

// orNothing is a record, or nothing for an empty one.
func orNothing(r record) any {
	if len(r) == 0 {
		return nil
	}
	return r
}

func requestSample() record { return requestRecord(request.Request{Given: &request.Given{}}) }

func madeRecord(m request.Made) record {
	ask := m.Ask
	if ask == nil {
		ask = []string{}
	}
	return append(requestRecord(m.Request), field{"ask", ask})
}

// requestLine is a request for people, in one line of a table.
func (c *cli) requestLine(r request.Request) record {
	return record{{"id", int64(r.ID)}, {"user", r.User}, {"what", c.say(r.Words())}, {"until", c.endOf(r.End())}, {"state", c.p.Text("request.state." + string(r.State))},
		{"asked_at", r.AskedAt}, {"because", r.Why}}
}

// endOf is an end in words, empty where it is open.
func (c *cli) endOf(e request.End) string {
	if e.Open() {
		return ""
	}
	return c.say(e.Words(func(t time.Time) string { return cell(t) }))
}

// wish are the flags of what is asked for.
type wish struct{ role, workspace, tenantRole, policy, because, until string }

// wanted reads the flags: exactly one of what can be asked for.
func (c *cli) wanted(ctx context.Context, s *system, w wish) (in request.Wanted, err error) {
	named := 0
	for _, one := range []string{w.role, w.tenantRole, w.policy} {
		if one != "" {
			named++
		}
	}
	if named != 1 || (w.role == "") != (w.workspace == "") {
		return in, &usageFault{what: message.Text{ID: "cli.request.which"}, next: message.Text{ID: "cli.request.which.next"}}
	}
	end, endErr := c.requestEnd(w.until)
	in.Why, in.End = w.because, end
	switch {
	case w.role != "":
		in.Kind, in.Role = request.WorkspaceRole, w.role
		ref, refErr := c.ref(s, w.workspace)
		in.Region, in.Workspace, err = ref.Region, ref.Workspace, refErr
	case w.tenantRole != "":
		in.Kind, in.Role = request.TenantRole, w.tenantRole
		in.Region, err = c.regionOf(ctx, s, c.flags.region)
	default:
		in.Kind, in.Role = request.Policy, w.policy
	}
	return in, joined(err, endErr)
}

func (c *cli) requestEnd(typed string) (request.End, error) {
	end, ok := request.ParseEnd(typed, c.env.Now())
	if !ok {
		return end, fault.OneField("until", "cli.until.time", message.Args{"Value": typed})
	}
	return end, nil
}

func (c *cli) requestCreate() *cobra.Command {
	var w wish
	cmd := c.act(action.RequestCreate, "", madeRecord(request.Made{Request: request.Request{Given: &request.Given{}}}), func(ctx context.Context, s *system, _ []string) (answer, error) {
		in, err := c.wanted(ctx, s, w)
		if err != nil {
			return answer{}, err
		}
		made, err := s.requests.Create(ctx, in)
		note := "cli.request.made"
		if len(made.Ask) == 0 {
			note = "cli.request.made.nobody"
		}
		return answer{value: madeRecord(made), note: message.Text{ID: note, Args: message.Args{
			"ID": int64(made.ID), "What": made.Words(), "Names": strings.Join(made.Ask, ", ")}}}, err
	})
	f := cmd.Flags()
	f.StringVar(&w.role, "role", "", c.p.Text("cli.request.role"))
	f.StringVarP(&w.workspace, "workspace", "w", "", c.p.Text("cli.request.workspace"))
	f.StringVar(&w.tenantRole, "tenant-role", "", c.p.Text("cli.request.tenant_role"))
	f.StringVar(&w.policy, "policy", "", c.p.Text("cli.request.policy"))
	f.StringVar(&w.because, "because", "", c.p.Text("cli.request.because"))
	f.StringVar(&w.until, "until", "", c.p.Text("cli.request.until"))
	c.need(cmd, "because", "REASON")
	return cmd
}

func (c *cli) requestList() *cobra.Command {
	var l listing
	var mine, toDecide bool
	var cmd *cobra.Command
	cmd = c.act(action.RequestList, "", []record{requestSample()}, func(ctx context.Context, s *system, _ []string) (answer, error) {
		view := request.All
		switch {
		case mine && toDecide:
			return answer{}, c.usage(cmd, message.Text{ID: "cli.request.view"})
		case mine:
			view = request.Own
		case toDecide:
			view = request.ToDecide
		}
		found, err := walk(l, func(q list.Query) (list.Page[request.Request], error) { return s.requests.List(ctx, view, q) })
		return answer{value: records(found, requestRecord), lines: c.table(records(found, c.requestLine), nil)}, err
	})
	cmd.Flags().BoolVar(&mine, "mine", false, c.p.Text("cli.request.mine"))
	cmd.Flags().BoolVar(&toDecide, "to-decide", false, c.p.Text("cli.request.to_decide"))
	c.listFlags(cmd, &l, "user", "role", "where")
	return cmd
}

// requestID reads the number of a request.
func requestID(word string) (request.ID, error) {
	n, err := strconv.ParseInt(strings.TrimPrefix(word, "#"), 10, 64)
	if err != nil || n <= 0 {
		return 0, &fault.NotFound{What: "request", Name: word}
	}
	return request.ID(n), nil
}

// onRequest is the command of an act on one request.
func (c *cli) onRequest(id action.ID, do func(ctx context.Context, s *system, id request.ID) (answer, error)) *cobra.Command {
	return c.act(id, "ID", requestSample(), func(ctx context.Context, s *system, args []string) (answer, error) {
		id, err := requestID(args[0])
		if err != nil {
			return answer{}, err
		}
		return do(ctx, s, id)
	})
}

func (c *cli) requestShow() *cobra.Command {
	return c.onRequest(action.RequestShow, func(ctx context.Context, s *system, id request.ID) (answer, error) {
		r, err := s.requests.Get(ctx, id)
		return answer{value: requestRecord(r), lines: c.requestLines(r)}, err
	})
}

// requestLines is a request for people, without what it does not have.
func (c *cli) requestLines(r request.Request) []string {
	head := c.requestLine(r)
	if r.State == request.Pending {
		head = append(head, field{"expires_at", r.ExpiresAt})
	}
	head = append(head, record{{"decided_at", r.DecidedAt}, {"decided_by", r.DecidedBy}, {"note", r.Note}, {"granted", c.givenText(r)}}...)
	var shown record
	for _, f := range head {
		if cell(f.Value) != "" {
			shown = append(shown, f)
		}
	}
	return c.card(shown)
}

// givenText is what was granted, and until when.
func (c *cli) givenText(r request.Request) string {
	if r.Given == nil {
		return ""
	}
	line := c.say(r.Given.Words(r.Kind))
	if r.Given.Until != nil {
		line += " " + strings.ToLower(c.heading("until")) + " " + cell(r.Given.Until)
	}
	return line
}

func (c *cli) requestGrant() *cobra.Command {
	var in request.Decision
	var until string
	var preview bool
	cmd := c.onRequest(action.RequestGrant, func(ctx context.Context, s *system, id request.ID) (answer, error) {
		end, err := c.requestEnd(until)
		if err != nil {
			return answer{}, err
		}
		in.End = end
		if preview {
			o, err := s.requests.PreviewGrant(ctx, id, in)
			return c.tenantEffect(ctx, s, o, err)
		}
		r, err := s.requests.Grant(ctx, id, in)
		if err != nil {
			return answer{}, err
		}
		given := r
		given.Role = r.Given.Role
		args := message.Args{"ID": int64(r.ID), "User": r.User, "What": given.Words(), "Until": cell(r.Given.Until)}
		note := "cli.request.granted"
		if r.Given.Until != nil {
			note = "cli.request.granted_until"
		}
		return answer{value: requestRecord(r), note: message.Text{ID: note, Args: args}}, nil
	})
	cmd.Flags().StringVar(&in.Role, "role", "", c.p.Text("cli.request.instead"))
	cmd.Flags().StringVar(&until, "until", "", c.p.Text("cli.request.shorter"))
	cmd.Flags().StringVar(&in.Note, "because", "", c.p.Text("cli.request.note"))
	c.previewFlag(cmd, &preview, "cli.flag.preview")
	cmd.Flags().Int64Var(&in.Version, "version", 0, c.p.Text("cli.flag.version"))
	return cmd
}

func (c *cli) requestRefuse() *cobra.Command {
	var in request.Decision
	cmd := c.onRequest(action.RequestRefuse, func(ctx context.Context, s *system, id request.ID) (answer, error) {
		r, err := s.requests.Refuse(ctx, id, in)
		return answer{value: requestRecord(r), note: message.Text{ID: "cli.request.refused", Args: message.Args{"ID": int64(r.ID), "User": r.User}}}, err
	})
	cmd.Flags().StringVar(&in.Note, "because", "", c.p.Text("cli.request.why_not"))
	cmd.Flags().Int64Var(&in.Version, "version", 0, c.p.Text("cli.flag.version"))
	c.need(cmd, "because", "REASON")
	return cmd
}

func (c *cli) requestWithdraw() *cobra.Command {
	var version int64
	cmd := c.onRequest(action.RequestWithdraw, func(ctx context.Context, s *system, id request.ID) (answer, error) {
		r, err := s.requests.Withdraw(ctx, id, version)
		return answer{value: requestRecord(r), note: message.Text{ID: "cli.request.withdrawn", Args: message.Args{"ID": int64(r.ID)}}}, err
	})
	cmd.Flags().Int64Var(&version, "version", 0, c.p.Text("cli.flag.version"))
	return cmd
}

// askFor says how to ask for the first of the grants that would take a refusal away; nothing where there is none.
func (c *cli) askFor(grants []fault.Grant) []string {
	if len(grants) == 0 {
		return nil
	}
	return []string{c.say(message.Text{ID: "cli.request.hint", Args: message.Args{"Command": askCommand(grants[0])}})}
}

// askCommand is the command that asks for a grant, with the reason left to be filled in.
func askCommand(g fault.Grant) string {
	line := program + " request create"
	add := func(flag, value string) {
		if value != "" {
			line += " " + flag + " " + shellWord(value)
		}
	}
	switch g.Kind {
	case fault.GrantWorkspaceRole:
		add("--role", g.Role)
		add("-w", g.Workspace)
		add("--region", g.Region)
	case fault.GrantTenantRole:
		add("--tenant-role", g.Role)
		add("--region", g.Region)
	case fault.GrantPolicy:
		add("--policy", g.Role)
	}
	return line + ` --because "…"`
}

// shellWord is a word as a shell reads it back.
func shellWord(word string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("._-/@:", r)
	}
	if strings.IndexFunc(word, func(r rune) bool { return !plain(r) }) < 0 {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
