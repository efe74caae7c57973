package access

// GroupMember says that a principal belongs to a user group. Groups are flat:
// a group holds no group.
type GroupMember struct {
	Group  PrincipalID
	Member PrincipalID
}
