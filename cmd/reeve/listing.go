package main

import (
	"strings"

	"github.com/spf13/cobra"

	"reeve/core/list"
)

// listing are the flags of every list.
type listing struct {
	filter, sort string
	limit        int
}

func (c *cli) listFlags(cmd *cobra.Command, l *listing) {
	cmd.Flags().StringVar(&l.filter, "filter", "", c.p.Text("cli.flag.filter"))
	cmd.Flags().StringVar(&l.sort, "sort", "", c.p.Text("cli.flag.sort"))
	cmd.Flags().IntVar(&l.limit, "limit", 0, c.p.Text("cli.flag.limit"))
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
		if left := l.limit - len(items); l.limit > 0 && left < list.MaxLimit {
			q.Limit = left
		}
		p, err := page(q)
		if err != nil {
			return nil, err
		}
		items = append(items, p.Items...)
		if len(p.Items) < q.Limit || l.limit > 0 && len(items) >= l.limit {
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
