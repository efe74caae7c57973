package member

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"reeve/core/fault"
	"reeve/core/message"
	"reeve/core/text"
)

// Format is a form in which members are written down, to be imported and as they are exported.
type Format string

// The formats. Guess is none: it is found out from what is written.
const (
	Guess Format = ""
	// CSV has a column each for the user, the roles and until when, named in the first line or in this order.
	CSV Format = "csv"
	// JSON is a list of objects, or one object after the other, with the keys user, roles and until.
	JSON Format = "json"
	// Lines are a user and the roles on each line, as people paste them.
	Lines Format = "lines"
)

// Formats are those that can be asked for.
func Formats() []Format { return []Format{CSV, JSON, Lines} }

// MaxRows is how many rows one import takes at most; the bound is ours.
const MaxRows = 50_000

// Row is one person of an import, as written.
type Row struct {
	// Line is where the row stands: its line, or in a list of JSON its number among the objects; from 1.
	Line  int
	User  string
	Roles []Wish
	// Until is when the roles end that say nothing of it themselves; empty is open ended.
	Until string
	// Bad is what is wrong with the writing itself.
	Bad []fault.Field
	// Source is the row as it stood, for rows that could not be read.
	Source string
}

// Wish is a role as a row names it.
type Wish struct {
	Name string
	// Code is written where the name would be read as something else; empty for what was read.
	Code string
	// Until is this role's own end, if Own is set; empty is open ended then.
	Until string
	Own   bool
}

// Columns of an import.
const (
	columnUser  = "user"
	columnRoles = "roles"
	columnUntil = "until"
	columnWhy   = "reason"
	// columnNone is one that says nothing about who is to hold what.
	columnNone = "-"
	// columnList is one of those that nothing has but a list of members.
	columnList = "--"
)

// columnOf says what a column or a key is for, by any name that lists and exports of members give it; ok is false for one
// that is not known, which is a mistake: what stands in it would be lost unseen.
func columnOf(name string) (column string, ok bool) {
	known := map[string]string{
		"user": columnUser, "name": columnUser, "account": columnUser, "member": columnUser, "user_name": columnUser,
		"账号": columnUser, "用户": columnUser, "成员": columnUser,
		"roles": columnRoles, "role": columnRoles, "角色": columnRoles,
		"until": columnUntil, "ends": columnUntil, "end": columnUntil, "expires": columnUntil, "到期": columnUntil,
	}
	for _, none := range []string{"id", "type", "kind", "display_name", "by", "active", "last_used", "status", columnWhy, "line", "row"} {
		known[none] = columnNone
	}
	for _, of := range []string{"added", "added_at", "added_by", "last_active", "version"} {
		known[of] = columnList
	}
	column, ok = known[strings.ReplaceAll(text.Fold(name), " ", "_")]
	return column, ok
}

// ReadRows reads rows in a format, or in the one that the text looks like. What is wrong with single rows stands in them; the
// error is a fault.Invalid about the whole.
func ReadRows(data []byte, format Format) ([]Row, Format, error) {
	data = bytes.TrimPrefix(data, []byte("\ufeff")) // spreadsheets begin a file with it
	if !utf8.Valid(data) {
		return nil, format, fault.OneField("rows", "fault.import.utf8", nil)
	}
	if format == Guess {
		format = guess(data)
	}
	var rows []Row
	var err error
	switch format {
	case CSV:
		rows, err = readCSV(data)
	case JSON:
		rows, err = readJSON(data)
	case Lines, Guess:
		rows = readLines(data)
	default:
		err = fault.OneField("format", "fault.import.format", message.Args{"Format": string(format)})
	}
	if err == nil && len(rows) == 0 {
		err = fault.OneField("rows", "fault.import.empty", nil)
	}
	if err == nil && len(rows) > MaxRows {
		err = fault.OneField("rows", "fault.import.many", message.Args{"Count": len(rows), "Limit": MaxRows})
	}
	return rows, format, err
}

// guess tells the format by how a text begins.
func guess(data []byte) Format {
	rest := bytes.TrimSpace(data)
	said := rest
	for bytes.HasPrefix(said, []byte("#")) { // objects that were handed back have lines before them that say why
		_, said, _ = bytes.Cut(said, []byte("\n"))
		said = bytes.TrimSpace(said)
	}
	if bytes.HasPrefix(said, []byte("[")) || bytes.HasPrefix(said, []byte("{")) {
		return JSON
	}
	first, _, _ := bytes.Cut(rest, []byte("\n"))
	if _, headed := header(string(first)); headed || bytes.HasPrefix(rest, []byte(`"`)) {
		return CSV
	}
	return Lines
}

// separators stand between roles.
const separators = ",;|、,;\n"

// wishes reads the roles of one cell: names between commas, semicolons or bars, each with its own end in brackets where it has
// one: `develop; o&m (until 2026-12-31)`.
func wishes(cell string) []Wish {
	var all []Wish
	for _, part := range strings.FieldsFunc(cell, func(r rune) bool { return strings.ContainsRune(separators, r) }) {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		w := Wish{Name: part}
		if open := strings.LastIndexByte(part, '('); open > 0 && strings.HasSuffix(part, ")") {
			end := strings.TrimSpace(part[open+1 : len(part)-1])
			if rest, said := strings.CutPrefix(text.Fold(end), "until "); said {
				end = end[len(end)-len(rest):]
			}
			w = Wish{Name: strings.TrimSpace(part[:open]), Until: end, Own: true}
		}
		all = append(all, w)
	}
	return all
}

// readLines reads a user and the roles of each line: `zoe.park develop, o&m until 2026-12-31`. Between the user and the roles
// stands a space, a tab, a colon or a comma. Empty lines and those that begin with # say nothing.
func readLines(data []byte) []Row {
	var rows []Row
	n := 0
	for line := range strings.Lines(string(data)) {
		n++
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		rows = append(rows, readLine(line, n))
	}
	return rows
}

func readLine(line string, n int) Row {
	row := Row{Line: n, Source: line, User: line}
	at := strings.IndexFunc(line, func(r rune) bool { return r == ' ' || strings.ContainsRune(separators+"\t:=:", r) })
	if at < 0 {
		return row
	}
	row.User = line[:at]
	rest := strings.TrimLeftFunc(line[at:], func(r rune) bool { return r == ' ' || strings.ContainsRune(separators+"\t:=:", r) })
	// A time at the end of the line, after the word or by itself, is the end of all that stands before it.
	if i := strings.LastIndex(text.Fold(rest), "until "); i >= 0 && (i == 0 || rest[i-1] != '(') && len(text.Fold(rest)) == len(rest) {
		row.Until, rest = strings.TrimSpace(rest[i+len("until "):]), rest[:i]
	} else if i := strings.LastIndexAny(rest, ",;|\t"); i >= 0 && looksLikeTime(rest[i+1:]) {
		row.Until, rest = strings.TrimSpace(rest[i+1:]), rest[:i]
	}
	row.Roles = wishes(strings.ReplaceAll(rest, "\t", ","))
	return row
}

// looksLikeTime tells a time from the name of a role, which begins with a letter.
func looksLikeTime(s string) bool {
	s = strings.TrimSpace(s)
	return s != "" && s[0] >= '0' && s[0] <= '9'
}
