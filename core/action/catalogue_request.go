package action

// requestActs are asking for access. Anybody may ask. To decide is no right by itself: whoever grants or refuses must be allowed to
// make the grant by hand, which is asked besides, and must not be the one who asks for it.
func requestActs() []Action {
	list, both := []Scope{ScopeRequests}, []Scope{ScopeRequests, ScopeRequest}
	return []Action{
		{ID: RequestCreate, Need: NeedTenant, Danger: Changes, Apart: true, Keys: []string{"ctrl+a"}, Scopes: []Scope{ScopeEverywhere}, Command: "request create"},
		{ID: RequestList, Need: NeedTenant, Command: "request list"},
		{ID: RequestShow, Need: NeedTenant, Command: "request show"},
		{ID: RequestOffers, Need: NeedTenant},
		{ID: RequestGrant, Need: NeedTenant, Danger: Changes, Keys: []string{"Y"}, Scopes: both, Command: "request grant", Rank: 10},
		{ID: RequestRefuse, Need: NeedTenant, Danger: Changes, Keys: []string{"N"}, Scopes: both, Command: "request refuse", Rank: 20},
		{ID: RequestWithdraw, Need: NeedTenant, Danger: Changes, Keys: []string{"x"}, Scopes: both, Command: "request withdraw", Rank: 30},
		{ID: RequestTurn, Keys: []string{"o"}, Scopes: list, Rank: 35},
		{ID: RequestAudit, Need: NeedTenant, Keys: []string{"i"}, Scopes: both, Rank: 40},
		{ID: RequestExpire, Need: NeedKeeper, Danger: Changes},
	}
}
