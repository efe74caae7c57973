package main

import "strings"

// manyValued are the flags that take several words, as in `--role develop o&m`. What stands before such a flag are the
// command's own arguments; what follows it, up to the next flag, are its values.
var manyValued = []string{"--admin", "--role", "--set", "--add", "--remove", "--grant", "--revoke", "--tag", "--untag", "--users", "--roles", "--dev", "--prod", onlyRoles}

// onlyRoles may stand before the command, as every global flag may; there it takes one word, for the next is the command.
const onlyRoles = "--only-roles"

// foldValues repeats a many-valued flag for each of its words, because the flag parser gives a flag one word only:
// `--role a b` becomes `--role a --role b`. A word after --set, --tag, --dev or --prod that has no = is left alone, for it cannot be a value.
func foldValues(args []string) []string {
	folded := make([]string, 0, len(args))
	for i := 0; i < len(args); i++ {
		if args[i] == "--" {
			return append(folded, args[i:]...)
		}
		folded = append(folded, args[i])
		flag, _, joined := strings.Cut(args[i], "=")
		if !isManyValued(flag) || flag == onlyRoles && strings.HasPrefix(args[0], "-") {
			continue
		}
		if !joined && i+1 < len(args) {
			if strings.HasPrefix(args[i+1], "-") {
				// The parser would take the next flag for the value, and what follows it for an argument.
				folded[len(folded)-1] += "="
				continue
			}
			i++
			folded = append(folded, args[i])
		}
		for i+1 < len(args) && isValueOf(flag, args[i+1]) {
			i++
			folded = append(folded, flag, args[i])
		}
	}
	return folded
}

func isManyValued(flag string) bool {
	for _, f := range manyValued {
		if f == flag {
			return true
		}
	}
	return false
}

func isValueOf(flag, word string) bool {
	assigns := flag == "--set" || flag == "--tag" || flag == "--dev" || flag == "--prod"
	return !strings.HasPrefix(word, "-") && (!assigns || strings.Contains(word, "="))
}

// splitValues takes comma lists apart and drops what is empty.
func splitValues(values []string) []string {
	var all []string
	for _, v := range values {
		for part := range strings.SplitSeq(v, ",") {
			if part = strings.TrimSpace(part); part != "" {
				all = append(all, part)
			}
		}
	}
	return all
}

// peek reads a flag's value before the command line is parsed: the language and the output form of errors have to be
// known even when parsing fails. names are the spellings of the flag.
func peek(args []string, names ...string) string {
	value := ""
	for i, arg := range args {
		if arg == "--" {
			break
		}
		for _, name := range names {
			switch {
			case arg == name && i+1 < len(args):
				value = args[i+1]
			case strings.HasPrefix(arg, name+"="):
				value = strings.TrimPrefix(arg, name+"=")
			case len(name) == 2 && len(arg) > 2 && strings.HasPrefix(arg, name) && arg[1] != '-':
				value = strings.TrimPrefix(arg, name)
			}
		}
	}
	return value
}
