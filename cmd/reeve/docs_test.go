package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"reeve/assets"
	"reeve/core/access"
	"reeve/core/directory/ldap/slapdtest"
)

var update = flag.Bool("update", false, "write the documentation that the tests hold up to date")

const (
	commandsPage = "../../docs/commands.md"
	accessPage   = "../../docs/access.md"
	beginMark    = "<!-- the commands, written by: go test ./cmd/reeve -run TestCommandsPage -update -->\n"
)

// TestCommandsPage holds the second part of docs/commands.md to what the commands say of themselves.
func TestCommandsPage(t *testing.T) {
	page, err := os.ReadFile(commandsPage)
	if err != nil {
		t.Fatal(err)
	}
	prose, listed, found := strings.Cut(string(page), beginMark)
	if !found {
		t.Fatalf("%s lacks the line %s", commandsPage, beginMark)
	}
	c, err := newCLI(nil, nil, nil, nil, newBench(t).environ())
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	root := c.root()
	writeCommands(&b, c, root)
	b.WriteString("\n## Global flags\n\n")
	writeFlags(&b, root.PersistentFlags())
	if listed == b.String() {
		return
	}
	if !*update {
		t.Fatalf("%s is out of date; run: go test ./cmd/reeve -run TestCommandsPage -update", commandsPage)
	}
	if err := os.WriteFile(commandsPage, []byte(prose+beginMark+b.String()), 0o600); err != nil { // #nosec G703 -- a constant path
		t.Fatal(err)
	}
}

func writeCommands(b *strings.Builder, c *cli, cmd *cobra.Command) {
	for _, sub := range cmd.Commands() {
		if sub.HasSubCommands() {
			fmt.Fprintf(b, "\n## reeve %s\n\n%s.\n", sub.Name(), sub.Short)
			writeCommands(b, c, sub)
			continue
		}
		if sub.Name() == "help" || sub.Hidden {
			continue
		}
		fmt.Fprintf(b, "\n### %s\n\n%s.\n\n```\n%s\n```\n", sub.CommandPath(), sub.Short, c.useLine(sub))
		if sub.LocalNonPersistentFlags().HasFlags() {
			b.WriteString("\n")
			writeFlags(b, sub.LocalNonPersistentFlags())
		}
		if shape := sub.Annotations[annotationJSON]; shape != "" {
			fmt.Fprintf(b, "\nJSON: `%s`\n", shape)
		}
	}
}

func writeFlags(b *strings.Builder, flags *pflag.FlagSet) {
	flags.VisitAll(func(f *pflag.Flag) {
		name := "--" + f.Name
		if f.Shorthand != "" {
			name = "-" + f.Shorthand + ", " + name
		}
		fmt.Fprintf(b, "* `%s`: %s\n", name, f.Usage)
	})
}

// TestAnswersHaveTheKeysTheyAreDocumentedWith runs every command with -o json, in an order in which each can work.
func TestAnswersHaveTheKeysTheyAreDocumentedWith(t *testing.T) {
	b := newBench(t)
	document := b.file("deny.json", denyAll)
	minimal := b.file("minimal.yaml", "workspace: {region: cn-hangzhou, name: minimal}\n")
	questions := b.file("questions.jsonl", `{"user": "zoe", "module": "deployment", "level": "write", "workspace": "sales_dw"}`)
	events, days := b.file("events.jsonl", "nonsense\n"), b.file("days.csv", "workspace,date,models\nsales_dw,2026-02-28,3\n")
	server := slapdtest.Start(t, slapdtest.Options{Users: 3})
	b.env = map[string]string{"CORP": slapdtest.RootPassword}
	key := b.file("zoe.pub", zoeKey+"\n")
	wanted := b.file("wanted.yaml", "version: 1\nregion: cn-hangzhou\nworkspaces: [{name: sales_dw, description: wanted}]")
	commands, looked := leaves(t), map[string]bool{}
	for _, line := range []string{
		"init: --tenant acme --owner root --region cn-hangzhou=enterprise",
		"user add: zoe bo", "user list:", "user map: zoe --os-user zoe", "user show: zoe",
		"user update: bo --email bo@acme.example --phone +86-10-1", "user disable: bo", "user enable: bo",
		"user key add: zoe -f " + key, "user key list: zoe", "user key import: zoe " + key, "user key remove: zoe " + zoeFingerprint, "user add: leaver", "user delete: leaver",
		"directory source add: corp --url " + server.Plain + " --plaintext --base " + slapdtest.People + " --bind-dn " + slapdtest.RootDN + " --password-from env:CORP",
		"directory source list:", "directory source show: corp", "directory source update: corp --share 20", "directory test: corp", "directory sync: --dry-run", "directory sync: corp", "directory source remove: corp",
		"user add: amy", "user leave: amy",
		"region list:", "region activate: cn-beijing --edition standard", "region until: cn-beijing 90d",
		"workspace create: sales_dw --region cn-hangzhou --admin zoe", "workspace list:", "workspace show: sales_dw",
		"workspace update: sales_dw --display-name Sales", "workspace disable: sales_dw", "workspace enable: sales_dw",
		"workspace suspend: sales_dw", "workspace resume: sales_dw", "workspace settings get: sales_dw", "workspace settings set: sales_dw reruns=5",
		"tenant set-link: data-studio https://example.com/{workspace}", "tenant links:", "workspace goto: sales_dw", "tenant remove-link: data-studio",
		"workspace create: lab --region cn-hangzhou --mode simple --new-data-studio=false --tag env=test", "workspace upgrade: lab --acknowledge",
		"workspace delete: sales_dw --yes", "workspace bin:", "workspace restore: sales_dw",
		"role create: finance --set deployment=read -w sales_dw", "role list: -w sales_dw", "role show: develop -w sales_dw",
		"role set: finance --set deployment=write -w sales_dw", "role clone: finance copy -w sales_dw",
		"role templates:", "role copy: finance --to lab -w sales_dw", "role set: finance --set deployment=none -w sales_dw",
		"role copy: finance --to lab --preview -w sales_dw",
		"role compare: finance develop -w sales_dw", "role delete: copy -w sales_dw",
		"member add: bo --role develop -w sales_dw", "member list: -w sales_dw", "member set-roles: bo --role finance -w sales_dw",
		"member import: " + b.file("rows.txt", "zoe workspace administrator") + " -w sales_dw", "member export: -w sales_dw", "member dormant: -w sales_dw",
		"access check: --user zoe --module deployment --level write -w sales_dw", "access why: --user zoe --module deployment --level write -w sales_dw",
		"access who: --module deployment --level write -w sales_dw", "access where: --user bo --module deployment --level write",
		"access matrix: --user bo -w sales_dw", "access compare: --users zoe bo -w sales_dw", "access batch: -f " + questions, "access points:",
		"group create: rg_prod --vpc vpc-1 --vswitch vsw-1 --region cn-hangzhou", "group list: --region cn-hangzhou", "group show: rg_prod --region cn-hangzhou",
		"group create: rg_sub --billing subscription --size 8 --vpc vpc-1 --vswitch vsw-1 --region cn-hangzhou",
		"tenant set-rule: strict", "user-group add: readers", "user-group list:", "user-group set-members: readers --add bo",
		"tenant-role create: map_only --grant data-map.use --region cn-hangzhou", "tenant-role list: --region cn-hangzhou",
		"tenant-role show: map_only --region cn-hangzhou", "tenant-role set: map_only --grant data-analysis.use --region cn-hangzhou",
		"tenant-member grant: bo --role map_only --region cn-hangzhou", "tenant-member list: --region cn-hangzhou",
		"tenant-member revoke: bo --role map_only --region cn-hangzhou", "tenant-role delete: map_only --region cn-hangzhou",
		"policy create: deny-all -f " + document, "policy list:", "policy attach: deny-all bo", "policy show: deny-all",
		"policy simulate: deny-all --action dataworks:ModifyWorkspace", "policy update: deny-all -f " + document, "policy detach: deny-all bo", "policy delete: deny-all",
		"request create: --role visitor -w sales_dw --because on-call --as bo", "request list:", "request show: 1", "request grant: 1", "request show: 1",
		"request create: --role develop -w sales_dw --because on-call --as bo", "request refuse: 2 --because later",
		"request create: --role develop -w sales_dw --because on-call --as bo", "request withdraw: 3 --as bo",
		"engine add: mc --type maxcompute -w sales_dw", "engine map-role: mc finance Role_Project_Dev -w sales_dw",
		"engine add: emr --type emr -w sales_dw", "engine map-account: emr bo bo_ldap -w sales_dw", "engine set-identity: mc --prod-identity bo -w sales_dw", "engine list: -w sales_dw", "engine remove: mc -w sales_dw",
		"workspace bootstrap: -f " + minimal, "bootstrap list:", "bootstrap show: 1", "bootstrap delete: 1",
		"source add: crm --type mysql --prod address=127.0.0.1:1 database=crm username=reader --dev address=127.0.0.1:1 database=crm username=reader -w sales_dw",
		"source list: -w sales_dw", "source show: crm -w sales_dw", "source update: crm --prod database=crm2 -w sales_dw",
		"source test: crm -w sales_dw", "source delete: crm -w sales_dw",
		"ingest openlineage: " + events, "ingest figures: " + days, "ingest list:", "ingest show:", "ingest map: etl sales_dw", "ingest mappings:",
		"ingest unmap: etl", "ingest keep: 30", "workspace figures: sales_dw",
		"member remove: bo -w sales_dw",
		"alert limit: sms 10 --region cn-hangzhou", "alert spend: sms --module data-quality --count 4 --region cn-hangzhou",
		"overview:",
		"alert budget: --region cn-hangzhou",
		"plan: -f " + wanted, "apply: -f " + wanted + " --yes",
		"keeper status:", "keeper run: --once",
		"group associate: rg_prod sales_dw --region cn-hangzhou", "group dissociate: rg_prod sales_dw --region cn-hangzhou",
		"group rename: rg_prod rg_main --region cn-hangzhou", "group renew: rg_sub --region cn-hangzhou", "group auto-renew: rg_sub on --region cn-hangzhou",
		"group quota: rg_sub --set scheduling=2:6 --region cn-hangzhou", "group slots: rg_sub 60 --region cn-hangzhou",
		"group network: rg_sub --vpc vpc-2 --vswitch vsw-2 --region cn-hangzhou", "group route: rg_sub --to 172.16.0.0/12 --network 3 --region cn-hangzhou",
		"group runs: rg_sub --region cn-hangzhou", "group metrics: rg_sub CUSpec --region cn-hangzhou", "group release: rg_sub 1 --region cn-hangzhou", "group scale: rg_sub 12 --region cn-hangzhou", "group orders: rg_sub --region cn-hangzhou",
		"group unsubscribe: rg_main --preview --region cn-hangzhou", "group convert: rg_main --size 4 --region cn-hangzhou",
		"group create: rg_free --vpc vpc-1 --vswitch vsw-1 --region cn-hangzhou", "group arrears: --since 2026-03-01T00:00:00Z",
		"group start: rg_free --region cn-hangzhou",
		"review start: -w sales_dw", "review list: -w sales_dw", "review show: 1 -w sales_dw", "review decide: 1 --item all=keep -w sales_dw",
		"token create: gateway --scope evaluate", "token list:", "token revoke: gateway",
		"preference list:", "preference set: theme light", "session message: soon", "session list:", "session end: id", "doctor:",
		"audit list:", "audit show: 1", "audit verify:", "audit checkpoint:", "audit export:", "version:",
	} {
		path, rest, _ := strings.Cut(line, ":")
		cmd, ok := commands[path]
		if !ok {
			t.Errorf("there is no command %s", path)
			continue
		}
		looked[path] = true
		if path == "group start" { // what is frozen can be started
			b.now = b.now.AddDate(0, 0, 8)
			b.must("keeper", "run", "--once")
		}
		b.now = b.now.Add(time.Minute) // what takes a while is done when it is needed
		if path == "review start" {
			b.now = b.now.AddDate(0, 0, 100) // nothing was used for so long
		}
		if path == "session list" {
			defer b.sits("zoe")()
		}
		if path == "group release" {
			b.holds("rg_sub")
		}
		out := b.run(append(append(strings.Fields(path), strings.Fields(rest)...), "-o", "json")...)
		if out.errors != "" {
			t.Fatalf("%s says %s", line, out.errors)
		}
		if strings.TrimSpace(out.out) == "[]" {
			continue // what is left after taking away
		}
		if got, want := keysOf(t, out.out), keysOf(t, sampleOf(cmd.Annotations[annotationJSON])); got != want {
			t.Errorf("%s answers with the keys %s, documented are %s", path, got, want)
		}
	}
	for path, cmd := range commands {
		if cmd.Annotations[annotationJSON] != "" && !looked[path] {
			t.Errorf("the keys of %s are not looked at", path)
		}
	}
}

// A key of nobody: its private half was thrown away.
const (
	zoeKey         = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEHzifWKm5JuhGcXvqjbDHoqY6OmKZEFsT4kopVt962W zoe@laptop"
	zoeFingerprint = "SHA256:16+2qLYxM6BWgeM3tJjdq4QLJcFlh96+9fpkyOcLB7U"
)

// sampleOf turns a documented shape back into JSON with only its outermost keys.
func sampleOf(shape string) string {
	var b strings.Builder
	depth, key := 0, ""
	flush := func() {
		if key = strings.TrimSpace(key); key != "" {
			fmt.Fprintf(&b, "%q:0,", key)
		}
		key = ""
	}
	inner := 0 // the depth at which the outermost object's keys stand
	if strings.HasPrefix(shape, "[") {
		inner = 1
	}
	skip := false
	for _, r := range shape {
		switch r {
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		case ',':
			if depth == inner+1 {
				flush()
				skip = false
			}
		case ':':
			if depth == inner+1 {
				skip = true
			}
		default:
			if depth == inner+1 && !skip && r != '\\' {
				key += string(r)
			}
		}
		if r == '}' && depth == inner {
			break
		}
	}
	flush()
	return "{" + strings.TrimSuffix(b.String(), ",") + "}"
}

// keysOf are the keys of the outermost object, or of the first one of the outermost list, in order.
func keysOf(t *testing.T, text string) string {
	t.Helper()
	dec := json.NewDecoder(strings.NewReader(text))
	var keys []string
	for {
		token, err := dec.Token()
		if err != nil {
			t.Fatalf("%v in %s", err, text)
		}
		switch v := token.(type) {
		case json.Delim:
			if v == '}' || v == ']' {
				return strings.Join(keys, " ")
			}
		case string:
			keys = append(keys, v)
			var value json.RawMessage
			if err := dec.Decode(&value); err != nil {
				t.Fatalf("%v in %s", err, text)
			}
		}
	}
}

// TestAccessPage looks for everything in docs/access.md that a person has to be able to look up there.
func TestAccessPage(t *testing.T) {
	page, err := os.ReadFile(accessPage)
	if err != nil {
		t.Fatal(err)
	}
	roles, err := access.LoadBuiltins(assets.Roles())
	if err != nil {
		t.Fatal(err)
	}
	tenantRoles, err := access.LoadTenantBuiltins(assets.TenantRoles())
	if err != nil {
		t.Fatal(err)
	}
	policies, err := access.LoadPolicies(assets.Policies())
	if err != nil {
		t.Fatal(err)
	}
	var wanted []string
	for _, m := range append(access.WorkspaceModules(), access.GlobalModules()...) {
		wanted = append(wanted, fmt.Sprintf("| `%s` | %d |", m.Code(), m.Number()))
	}
	for _, r := range roles {
		wanted = append(wanted, fmt.Sprintf("| `%s` | %s |", r.Code, r.Name))
	}
	for _, r := range tenantRoles {
		wanted = append(wanted, fmt.Sprintf("| `%s` | %s |", r.Code, r.Name))
	}
	custom := access.CapabilitySet(access.CustomCapabilities()...)
	for _, x := range access.AllCapabilities() {
		mark := map[bool]string{true: "yes", false: ""}[custom.Has(x)]
		wanted = append(wanted, fmt.Sprintf("| `%s` | `%s` | %s | %s |", x.Code(), x.Module().Code(), x.Level(), mark))
	}
	for _, x := range access.ConsoleActions() {
		wanted = append(wanted, fmt.Sprintf("| `%s` | `%s/", x.Action, x.Entity))
	}
	for _, p := range policies {
		wanted = append(wanted, "`"+p.Name+"`")
	}
	for _, row := range wanted {
		if !strings.Contains(string(page), row) {
			t.Errorf("%s lacks %s", accessPage, row)
		}
	}
}
