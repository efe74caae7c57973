package storage

import (
	"strings"

	"reeve/core/directory"
)

// oftenest are the few values that a column has, of which nearly all rows have the first. What matches that one is everything but the rows
// of the others that it does not match: these are few to find and to count.
type oftenest struct {
	first  string
	others []string
}

// kinds are the types of principals.
func kinds() oftenest {
	return oftenest{string(directory.RAMUser), []string{string(directory.Account), string(directory.RAMRole), string(directory.UserGroup)}}
}

// statuses are the statuses of principals.
func statuses() oftenest {
	return oftenest{string(directory.Active), []string{string(directory.Disabled), string(directory.Vanished)}}
}

// matching are the values that a part of a word means: those returned, or with but set all but those.
func (o oftenest) matching(word string) (values []string, but bool) {
	but = strings.Contains(o.first, word)
	values = []string{}
	for _, value := range o.others {
		if strings.Contains(value, word) != but {
			values = append(values, value)
		}
	}
	return values, but
}

// matcher matches a part of the value of a column. Where that says which one, an index may have the rows in order.
func (o oftenest) matcher(column string) matcher {
	return func(word string, _ bool) (string, []any) {
		values, but := o.matching(word)
		switch {
		case but:
			return butThose + "(" + column + " IN (SELECT value FROM json_each(?)))", []any{set(values)}
		case len(values) == 1:
			return column + " = ?", []any{values[0]}
		}
		return column + " IN (SELECT value FROM json_each(?))", []any{set(values)}
	}
}
