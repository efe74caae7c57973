package main

import (
	"context"

	"github.com/spf13/cobra"

	"reeve/core/action"
	"reeve/core/message"
	"reeve/core/token"
)

func (c *cli) tokenCommands() *cobra.Command {
	return c.group("token", c.p.Text("cli.group.token"), c.tokenCreate(), c.tokenList(), c.tokenRevoke())
}

func tokenRecord(t token.Token) record {
	scopes := make([]string, len(t.Scopes))
	for i, s := range t.Scopes {
		scopes[i] = string(s)
	}
	return record{{"name", t.Name}, {"for", t.For}, {"scopes", scopes}, {"created_at", t.CreatedAt}, {"created_by", t.CreatedBy}, {"until", t.Until}}
}

// secretRecord is the only place where the secret is shown.
func secretRecord(m token.Made) record {
	return append(tokenRecord(m.Token), record{{"token", m.Secret}}...)
}

func (c *cli) tokenCreate() *cobra.Command {
	var in token.Create
	var scopes []string
	var last lasting
	cmd := c.act(action.TokenCreate, "NAME", secretRecord(token.Made{}), func(ctx context.Context, s *system, args []string) (answer, error) {
		until, err := last.end(c.env.Now())
		if err != nil {
			return answer{}, err
		}
		in.Name, in.Scopes, in.Until = args[0], splitValues(scopes), until
		made, err := s.tokens.Create(ctx, in)
		if err != nil || made.Secret == "" {
			return answer{value: secretRecord(made), note: message.Text{ID: "cli.token.created.again", Args: message.Args{"Name": made.Name}}}, err
		}
		about := c.p.With("cli.token.created", message.Args{"Name": made.Name, "Until": cell(made.Until)})
		return answer{value: secretRecord(made), lines: []string{about, made.Secret}}, nil
	})
	cmd.Flags().StringArrayVar(&scopes, "scope", []string{string(token.Evaluate)}, c.p.Text("cli.token.scope"))
	cmd.Flags().StringVar(&last.until, "until", "", c.p.Text("cli.token.until"))
	cmd.Flags().StringVar(&in.For, "for", "", c.p.Text("cli.token.for"))
	return cmd
}

func (c *cli) tokenList() *cobra.Command {
	return c.act(action.TokenList, "", []record{tokenRecord(token.Token{})}, func(ctx context.Context, s *system, _ []string) (answer, error) {
		list, err := s.tokens.List(ctx)
		return answer{value: records(list, tokenRecord), columns: []string{"name", "for", "scopes", "created_by", "created_at", "until"}}, err
	})
}

func (c *cli) tokenRevoke() *cobra.Command {
	return c.act(action.TokenRevoke, "NAME", tokenRecord(token.Token{}), func(ctx context.Context, s *system, args []string) (answer, error) {
		t, err := s.tokens.Revoke(ctx, args[0])
		return answer{value: tokenRecord(t), note: message.Text{ID: "cli.token.revoked", Args: message.Args{"Name": t.Name}}}, err
	})
}
