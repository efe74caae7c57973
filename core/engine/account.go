package engine

import "reeve/core/text"

// HeldAccount is an account of an engine that a member works with.
type HeldAccount struct{ Engine, User, Account string }

// AccountsOf are the accounts that some of the members work with, in the order of the engines.
func AccountsOf(engines []Engine, users []string) []HeldAccount {
	among := make(map[string]bool, len(users))
	for _, user := range users {
		among[text.Fold(user)] = true
	}
	var held []HeldAccount
	for _, e := range engines {
		for _, a := range e.Accounts {
			if among[text.Fold(a.User)] {
				held = append(held, HeldAccount{Engine: e.Name, User: a.User, Account: a.Account})
			}
		}
	}
	return held
}
