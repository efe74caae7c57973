package ldap

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	goldap "github.com/go-ldap/ldap/v3"
	"github.com/google/uuid"

	"reeve/core/directory"
	"reeve/core/message"
	"reeve/core/text"
)

// Read reads the server: all users in pages, or, where it offers content synchronisation (RFC 4533) and a cookie is given,
// those that changed since. Groups are always read whole. Of Active Directory everybody is read each time.
func (c *Client) Read(ctx context.Context, in directory.Settings, since []byte) (r directory.Reading, err error) {
	s, err := c.open(ctx, in, quiet)
	if err != nil {
		return r, err
	}
	defer s.close()
	defer func() {
		if err != nil && ctx.Err() != nil {
			err = ctx.Err()
		}
	}()
	if r, err = c.users(ctx, s, in, since); err != nil {
		return directory.Reading{}, unavailable("search", err)
	}
	if in.Groups {
		if err := c.groups(s, in, &r); err != nil {
			return directory.Reading{}, unavailable("search", err)
		}
	}
	return r, nil
}

func (c *Client) userQuery(in directory.Settings) *goldap.SearchRequest {
	a := in.Attributes
	want := []string{a.ID, a.Name, a.DisplayName, commonName, a.Email, a.Phone}
	if in.Preset == directory.ActiveDirectory {
		want = append(want, accountControl)
	}
	return goldap.NewSearchRequest(in.Base, goldap.ScopeWholeSubtree, goldap.NeverDerefAliases, 0, 0, false, in.UserFilter, want, nil)
}

// users reads the users by the best way that the server has.
func (c *Client) users(ctx context.Context, s session, in directory.Settings, since []byte) (directory.Reading, error) {
	// What goes is told by entryUUID alone.
	if in.Preset == directory.OpenLDAP && strings.EqualFold(in.Attributes.ID, "entryUUID") && offers(s, goldap.ControlTypeSyncRequest) {
		r, err := c.synchronised(ctx, s, in, since)
		if len(since) > 0 && goldap.IsErrorWithCode(err, goldap.LDAPResultSyncRefreshRequired) {
			r, err = c.synchronised(ctx, s, in, nil) // the server no longer knows what changed since
		}
		if !refuses(err) {
			return r, err
		}
	}
	r := directory.Reading{Full: true}
	err := c.paged(s, c.userQuery(in), func(e *goldap.Entry) { r.Users = append(r.Users, person(e, in)) })
	return r, err
}

// refuses tells of a server that offers to synchronise, but not to us or not so much.
func refuses(err error) bool {
	return goldap.IsErrorAnyOf(err, goldap.LDAPResultSizeLimitExceeded, goldap.LDAPResultAdminLimitExceeded, goldap.LDAPResultUnwillingToPerform,
		goldap.LDAPResultUnavailableCriticalExtension, goldap.LDAPResultInsufficientAccessRights)
}

// offers asks the server whether it knows a control.
func offers(s session, control string) bool {
	root, err := s.Search(goldap.NewSearchRequest("", goldap.ScopeBaseObject, goldap.NeverDerefAliases, 1, 0, false, "(objectClass=*)", []string{"supportedControl"}, nil))
	return err == nil && len(root.Entries) == 1 && slices.Contains(root.Entries[0].GetAttributeValues("supportedControl"), control)
}

// errTooMany is more entries than there can be people.
var errTooMany = errors.New("the server answers with more entries than are read at once")

// paged reads entries page by page (RFC 2696).
func (c *Client) paged(s session, q *goldap.SearchRequest, take func(*goldap.Entry)) error {
	paging := goldap.NewControlPaging(c.limits.page)
	q.Controls = []goldap.Control{paging}
	read := 0
	for {
		found, err := s.Search(q)
		if err != nil {
			return err
		}
		if read += len(found.Entries); read > c.limits.entries {
			return errTooMany
		}
		for _, e := range found.Entries {
			take(e)
		}
		next, ok := goldap.FindControl(found.Controls, goldap.ControlTypePaging).(*goldap.ControlPaging)
		if !ok || len(next.Cookie) == 0 {
			return nil
		}
		paging.SetCookie(next.Cookie)
	}
}

// synchronised reads by content synchronisation: everybody without a cookie, and since one who changed and who went. A server
// that does not log what went names everybody who is still there; then whoever is not named went.
func (c *Client) synchronised(ctx context.Context, s session, in directory.Settings, since []byte) (directory.Reading, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel() // whatever is still on its way is not waited for
	r := directory.Reading{Full: len(since) == 0}
	var present map[string]bool
	phase, finished := false, false
	note := func(ids []uuid.UUID, gone bool) {
		for _, id := range ids {
			if gone {
				r.Gone = append(r.Gone, id.String())
				continue
			}
			if present == nil {
				present = map[string]bool{}
			}
			present[id.String()] = true
		}
	}
	answer := s.Syncrepl(ctx, c.userQuery(in), 256, goldap.SyncRequestModeRefreshOnly, since, false)
	for answer.Next() {
		for _, control := range answer.Controls() {
			switch control := control.(type) {
			case *goldap.ControlSyncState:
				id := []uuid.UUID{control.EntryUUID}
				switch e := answer.Entry(); {
				case control.State == goldap.SyncStateDelete:
					note(id, true)
				case control.State == goldap.SyncStatePresent || e == nil:
					note(id, false)
				default:
					one := person(e, in)
					if len(r.Users) >= c.limits.entries {
						return r, errTooMany
					}
					r.Users = append(r.Users, one)
				}
			case *goldap.ControlSyncInfo:
				switch {
				case control.SyncIdSet != nil:
					note(control.SyncIdSet.SyncUUIDs, control.SyncIdSet.RefreshDeletes)
				case control.RefreshPresent != nil:
					phase = true
				}
			case *goldap.ControlSyncDone:
				r.Cookie, finished = control.Cookie, true
				phase = phase || !control.RefreshDeletes
			}
		}
	}
	if err := answer.Err(); err != nil {
		return r, err
	}
	if !finished && ctx.Err() != nil {
		return r, ctx.Err()
	}
	if !finished { // an answer without an end says nothing of who went
		return r, errors.New("the server ended a synchronisation without saying so")
	}
	if len(r.Cookie) == 0 {
		r.Cookie = since
	}
	if !r.Full && phase {
		if r.Left = present; r.Left == nil {
			r.Left = map[string]bool{}
		}
	}
	return r, nil
}

// accountControl holds the flags of an account of Active Directory; disabledFlag is ADS_UF_ACCOUNTDISABLE.
const (
	accountControl = "userAccountControl"
	disabledFlag   = 2
)

// commonName is the one name that every person has (RFC 4519, 3.12), so it is shown of who has no other.
const commonName = "cn"

func person(e *goldap.Entry, in directory.Settings) directory.Entry {
	a := in.Attributes
	p := directory.Entry{
		ID: identifier(e, in), DN: normal(e.DN), Name: e.GetEqualFoldAttributeValue(a.Name), DisplayName: e.GetEqualFoldAttributeValue(a.DisplayName),
		Email: e.GetEqualFoldAttributeValue(a.Email), Phone: e.GetEqualFoldAttributeValue(a.Phone),
	}
	if p.DisplayName == "" {
		p.DisplayName = e.GetEqualFoldAttributeValue(commonName)
	}
	if in.Preset == directory.ActiveDirectory {
		flags, err := strconv.ParseInt(e.GetEqualFoldAttributeValue(accountControl), 10, 64)
		p.Disabled = err == nil && flags&disabledFlag != 0
	}
	return p
}

// identifier is what never changes of an entry, as text: entryUUID is one already, objectGUID has the bytes of its first three
// parts the other way round (MS-DTYP 2.3.4.2), and other bytes are written in hex.
func identifier(e *goldap.Entry, in directory.Settings) string {
	raw := e.GetEqualFoldRawAttributeValue(in.Attributes.ID)
	if strings.EqualFold(in.Attributes.ID, "objectGUID") && len(raw) == 16 {
		return fmt.Sprintf("%02x%02x%02x%02x-%02x%02x-%02x%02x-%x-%x", raw[3], raw[2], raw[1], raw[0], raw[5], raw[4], raw[7], raw[6], raw[8:10], raw[10:])
	}
	if s := string(raw); len(s) <= 128 {
		if _, unsafe := text.FirstUnsafe(s); !unsafe {
			return strings.ToLower(s)
		}
	}
	return hex.EncodeToString(raw[:min(len(raw), 64)])
}

// normal writes a DN so that equal names are equal text.
func normal(dn string) string {
	parsed, err := goldap.ParseDN(dn)
	if err != nil {
		return strings.ToLower(strings.TrimSpace(dn))
	}
	return strings.ToLower(parsed.String())
}

// memberAttributes name the members of groups: by DN, by DN once more, and by name.
var memberAttributes = [...]string{"member", "uniqueMember", "memberUid"}

// groups reads the groups with their members.
func (c *Client) groups(s session, in directory.Settings, r *directory.Reading) error {
	want := append([]string{in.Attributes.ID, in.Attributes.GroupName}, memberAttributes[:]...)
	q := goldap.NewSearchRequest(in.GroupBase, goldap.ScopeWholeSubtree, goldap.NeverDerefAliases, 0, 0, false, in.GroupFilter, want, nil)
	var found []*goldap.Entry
	if err := c.paged(s, q, func(e *goldap.Entry) { found = append(found, e) }); err != nil {
		return err
	}
	for _, e := range found {
		g := directory.GroupEntry{ID: identifier(e, in), DN: normal(e.DN), Name: e.GetEqualFoldAttributeValue(in.Attributes.GroupName)}
		for _, attribute := range memberAttributes {
			members, err := c.membersOf(s, e, attribute)
			if err != nil {
				return err
			}
			for _, m := range members {
				if attribute == "memberUid" {
					m = "uid:" + text.Fold(text.Normal(m))
				} else {
					m = normal(m)
				}
				g.Members = append(g.Members, m)
			}
		}
		if len(g.Members) > maxMembers {
			r.Faults = append(r.Faults, directory.EntryFault{Entry: e.DN, What: message.Text{ID: "fault.sync.members", Args: message.Args{"Max": maxMembers}}})
			g.Members = g.Members[:maxMembers]
		}
		r.Groups = append(r.Groups, g)
	}
	return nil
}

// maxMembers bounds the members of one group; ours.
const maxMembers = 200_000

// searcher is what asks a server.
type searcher interface {
	Search(q *goldap.SearchRequest) (*goldap.SearchResult, error)
}

// membersOf are the values of an attribute. Active Directory hands out many of them in parts, as in member;range=0-1499, and the
// last part ends with a star (MS-ADTS 3.1.1.3.1.3.3).
func (c *Client) membersOf(s searcher, e *goldap.Entry, attribute string) ([]string, error) {
	values := e.GetEqualFoldAttributeValues(attribute)
	for part := e; ; {
		name, end := rangeOf(part, attribute)
		if name == "" {
			return values, nil
		}
		values = append(values, part.GetAttributeValues(name)...)
		if end < 0 || len(values) > maxMembers {
			return values, nil
		}
		next := fmt.Sprintf("%s;range=%d-*", attribute, end+1)
		found, err := s.Search(goldap.NewSearchRequest(e.DN, goldap.ScopeBaseObject, goldap.NeverDerefAliases, 1, 0, false, "(objectClass=*)", []string{next}, nil))
		if err != nil {
			return nil, err
		}
		if len(found.Entries) == 0 {
			return nil, errors.New(e.DN + " went while its members were read")
		}
		part = found.Entries[0]
	}
}

// rangeOf is the attribute of an entry that holds a part of the values, and the number of the last of them; -1 for the end.
func rangeOf(e *goldap.Entry, attribute string) (name string, end int) {
	for _, a := range e.Attributes {
		base, part, ok := strings.Cut(a.Name, ";range=")
		if !ok || !strings.EqualFold(base, attribute) {
			continue
		}
		_, last, _ := strings.Cut(part, "-")
		if last == "*" {
			return a.Name, -1
		}
		if n, err := strconv.Atoi(last); err == nil {
			return a.Name, n
		}
	}
	return "", 0
}
