package main

import (
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"reeve/core/list"
	"reeve/core/message"
)

// listing are the flags of every list.
type listing struct {
	filter, sort string
	limit        rowLimit
}

// rowLimit is how many rows are read at most; 0, which nobody can ask for, is all of them.
type rowLimit int

// Set takes a whole number from 1.
func (l *rowLimit) Set(s string) error {
	n, err := strconv.Atoi(s)
	if err == nil && n < 1 {
		err = strconv.ErrRange
	}
	if err == nil {
		*l = rowLimit(n)
	}
	return err
}

func (l *rowLimit) String() string { return strconv.Itoa(int(*l)) }

// Type is the word for the value in help.
func (l *rowLimit) Type() string { return "int" }

func (l *rowLimit) takes() message.Text { return message.Text{ID: "cli.takes.positive"} }

// filterFlag adds --filter. words are the fields in which words that name none are looked for.
func (c *cli) filterFlag(cmd *cobra.Command, filter *string, words ...string) {
	cmd.Flags().StringVar(filter, "filter", "", c.p.With("cli.flag.filter", message.Args{"Fields": strings.Join(words, ", ")}))
}

// listFlags adds the flags of a list, with the words of filterFlag.
func (c *cli) listFlags(cmd *cobra.Command, l *listing, words ...string) {
	c.filterFlag(cmd, &l.filter, words...)
	cmd.Flags().StringVar(&l.sort, "sort", "", c.p.Text("cli.flag.sort"))
	cmd.Flags().Var(&l.limit, "limit", c.p.Text("cli.flag.limit"))
}

// query is the first page that the flags ask for. A sort by -name is by name, downwards.
func (l listing) query() list.Query {
	field, down := strings.CutPrefix(l.sort, "-")
	return list.Query{Filter: list.ParseFilter(l.filter), Sort: list.Sort{Field: field, Desc: down}, Limit: list.MaxLimit}
}

// walk reads page after page until the list or the limit ends.
func walk[T any](l listing, page func(list.Query) (list.Page[T], error)) ([]T, error) {
	var items []T
	q := l.query()
	for {
		if left := int(l.limit) - len(items); l.limit > 0 && left < list.MaxLimit {
			q.Limit = left
		}
		p, err := page(q)
		if err != nil {
			return nil, err
		}
		items = append(items, p.Items...)
		if len(p.Items) < q.Limit || l.limit > 0 && len(items) >= int(l.limit) {
			return items, nil
		}
		q.From = &p.Keys[len(p.Keys)-1]
	}
}

func joinNames[T any](items []T, name func(T) string) string {
	names := make([]string, len(items))
	for i, item := range items {
		names[i] = name(item)
	}
	return strings.Join(names, ", ")
}
