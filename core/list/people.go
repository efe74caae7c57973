package list

// PrincipalType is the field of lists of people, by the types that the directory knows.
func PrincipalType() Field { return OneOf("type", "account", "ram-user", "ram-role", "group") }

// PrincipalStatus is the field of lists of people, by the statuses that the directory knows.
func PrincipalStatus() Field { return OneOf("status", "active", "disabled", "vanished") }
