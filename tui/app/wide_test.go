package app_test

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strings"
	"sync"
	"testing/fstest"

	"github.com/goccy/go-yaml"

	"reeve/assets"
	"reeve/core/access"
	"reeve/core/action"
	"reeve/core/message"
)

// wideLanguage is a language that does not exist: every letter of English as the East Asian letter of two cells that looks like
// it. A text in plain letters on a screen in this language did not come from the catalogue, and all its texts are twice as wide.
var wideLanguage = sync.OnceValues(func() (*message.Printer, error) {
	files := fstest.MapFS{}
	err := fs.WalkDir(assets.Messages(), "en", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := fs.ReadFile(assets.Messages(), name)
		if err != nil {
			return err
		}
		var texts map[string]any
		if err := yaml.Unmarshal(data, &texts); err != nil {
			return err
		}
		for id, text := range texts {
			texts[id] = widened(text)
		}
		if texts == nil { // a file of comments
			texts = map[string]any{}
		}
		if data, err = json.Marshal(texts); err != nil { // JSON is YAML, and quotes every text
			return err
		}
		files[path.Join("en", path.Base(name))] = &fstest.MapFile{Data: data}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("widening the messages: %w", err)
	}
	all, err := message.Load(files)
	if err != nil {
		return nil, err
	}
	return all.Printer("en"), nil
})

// widened is a message, or its plural forms, in wide letters; placeholders stay.
func widened(text any) any {
	switch v := text.(type) {
	case string:
		return wide(v)
	case map[string]any:
		for form, s := range v {
			v[form] = widened(s)
		}
	}
	return text
}

var placeholder = regexp.MustCompile(`\{\{[^}]*\}\}`)

func wide(s string) string {
	var out strings.Builder
	at := 0
	for _, hole := range placeholder.FindAllStringIndex(s, -1) {
		out.WriteString(wideLetters(s[at:hole[0]]) + s[hole[0]:hole[1]])
		at = hole[1]
	}
	return out.String() + wideLetters(s[at:])
}

func wideLetters(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
			return r - 'A' + 'Ａ'
		}
		return r
	}, s)
}

var (
	longWord = regexp.MustCompile(`[A-Za-z]{4,}`)
	// numbers are hashes, whole or cut, and the marks that stand for characters a terminal would act on.
	numbers = regexp.MustCompile(`\b[0-9a-f]{20,}|<[0-9A-F]{2,5}`)
)

// foreignWords are the words on a screen that neither the catalogue nor the data nor the keyboard explains. A word may be cut.
func foreignWords(screen string) []string {
	var out []string
	for _, word := range longWord.FindAllString(numbers.ReplaceAllString(screen, ""), -1) {
		if !strings.Contains(knownWords(), strings.ToLower(word)) {
			out = append(out, word)
		}
	}
	return out
}

// knownWords is everything a screen may say that is no sentence: names in the data, ids, links, formats, and keys.
var knownWords = sync.OnceValue(func() string {
	words := []string{
		"reeve acme aliyundataworksfullaccess csv json yaml literal",
		"enter space ctrl shift home pgup pgdn pgdown down left right",
		"root lin.chen zoe.park m.ito s.lindqvist o.outsider a.kaya k.nowak etl-prod nobody no.one",
		"sales_dw risk_dw marketing_lab frozen_lab old_reports legacy pilot sales warehouse marketing lab frozen old reports orders and revenue",
		"finance_reader finance_raeder sales_dv base_role_hostile twice nonsense nonesuch nine lives simple mode remove lindqvist tokyo",
		"overview workspaces members roles admin audit regions details bin entry setup console session request member workspace user region tenant",
		"last_active null crowd nonsensedata", "id code name type modules granted_at granted_by added_at added_by version ram-user active",
		"write read none custom", strings.Join(hostileNames(), " "), string(assets.Regions()), string(assets.Editions()),
		// What is not translated on the other planes: policies and operations as they are written, points as they are published.
		string(assets.Policies()), string(assets.Points()), string(assets.EngineRoles()), keepWorkspaces, access.ScopePage, access.ScopeOpenAPI,
		"corp hanna.berg hanna berg old.timer new.comer new comer bad name staff uid dc example ming h.berg laptop ssh-ed25519 ssh-dss sha256:16+2qLYxM6BWgeM3tJjdq4QLJcFlh96+9fpkyOcLB7U nowhere nowak kaya timer comer",
		"ldap ldaps objectclass inetorgperson groupofnames groupofuniquenames posixgroup airflow scheduler data platform gateway old-portal evaluate search reasons dark light mono",
		"keepworkspaces keepworkspcaes analysts guard_reader warehouse_mc spark_emr spark_lindqvist soon",
		"daily_sales scores load_orders sync_crm backfill worker-1 exclusive_2023 rg_new rg_prod rg_prdo rg_night rg_dev vpc-bp1aevy8sofi8mh1q vsw-bp12mw1f8k3jgygk9",
		// Data sources: types and properties as the API names them, and what the network says.
		string(assets.SourceTypes()), "crm crm_copy sessions closed internal refused connection connect connected dial tcp reader host port ms database",
		"customers as the crm has them nowhere",
		"week.csv scheduler.jsonl crontab eventtype eventtime start runid namespace never everything is better nothing worse",
		"old_lab lab_mc lab_mc_dev executor reruns sandbox dev_role https://example.com",
		"people.csv peple.csv zoe.prk develp",
		"the nightly load of orders is mine from monday on lin leave i am here all week ask me to make workspaces audit next needs a second workspace develop enough for that sales_dx nosuch_dw",
		"archive hadoop orders_dw orders visitor developr develop",
		// What the reader of JSON itself says about a text that is none.
		"document: this is not json: invalid character looking for beginning of object key string",
	}
	for _, m := range access.WorkspaceModules() {
		words = append(words, m.Code())
	}
	for _, known := range access.ConsoleActions() {
		words = append(words, known.Action)
	}
	for _, a := range action.All() {
		words = append(words, string(a.ID), a.Command, strings.Join(a.Keys, " "))
	}
	if builtins, err := access.LoadBuiltins(assets.Roles()); err == nil {
		for _, r := range builtins {
			words = append(words, r.Code)
		}
	}
	return strings.ToLower(strings.Join(words, "\n"))
})
