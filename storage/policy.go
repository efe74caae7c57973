package storage

import (
	"context"
	"fmt"
	"time"

	"reeve/core/access"
	"reeve/core/policy"
	"reeve/core/text"
)

// Policies keeps the custom policies of the console plane, and who has which policy attached.
type Policies struct{ states }

var _ policy.Store = Policies{}

// NewPolicies makes the store.
func NewPolicies(db *DB, builtins Builtins) Policies {
	return Policies{states{Places{db}, builtins}}
}

const policyColumns = "y.id, y.name, y.document, y.created_at, " + everOf + "y.created_by" + orNobody + ", y.modified_at, " + everOf + "y.modified_by" + orNobody + ", y.version"

func scanPolicy(row scanner) (p policy.Policy, err error) {
	var created, modified int64
	var document []byte
	if err = row.Scan(&p.ID, &p.Name, &document, &created, &p.CreatedBy, &modified, &p.ModifiedBy, &p.Version); err != nil {
		return p, err
	}
	p.CreatedAt, p.ModifiedAt = moment(created), moment(modified)
	read, err := access.ParseDocument(document)
	if err != nil {
		err = fmt.Errorf("policy %s: %w", p.Name, err)
	}
	p.Statements = read.Statements
	return p, err
}

// customPolicies reads custom policies by name, without their attachments.
func (db *DB) customPolicies(ctx context.Context, among where) ([]policy.Policy, error) {
	return all(ctx, db, "reading the policies", scanPolicy, "SELECT "+policyColumns+` FROM policy y`+among.sql()+" ORDER BY y.name_key", among.args...)
}

// List returns the system documents, then the custom ones by name; attachments are counted as of now.
func (s Policies) List(ctx context.Context, now time.Time) (found []policy.Policy, err error) {
	err = s.db.Read(ctx, func(ctx context.Context) error {
		found = nil
		for _, d := range s.builtins.Documents {
			found = append(found, policy.Policy{Document: d})
		}
		customs, err := s.db.customPolicies(ctx, where{})
		if err != nil {
			return err
		}
		found = append(found, customs...)
		attached := map[access.PolicyID]int{}
		if err := each(ctx, s.db, "counting the attachments of policies", func(row scanner) error {
			var id access.PolicyID
			var n int
			err := row.Scan(&id, &n)
			attached[id] = n
			return err
		}, "SELECT policy_id, count(*) FROM policy_attachment WHERE until = 0 OR until > ? GROUP BY policy_id", unix(now)); err != nil {
			return err
		}
		for i := range found {
			found[i].Attached = attached[found[i].ID]
		}
		return nil
	})
	return found, err
}

// Insert makes a custom document and returns it with its id.
func (s Policies) Insert(ctx context.Context, p policy.Policy, by access.PrincipalID) (policy.Policy, error) {
	id, err := s.db.insertRow(ctx, "making a policy",
		"INSERT INTO policy (name, name_key, document, created_at, created_by, modified_at, modified_by) VALUES (?, ?, ?, ?, ?, ?, ?)",
		p.Name, text.Fold(p.Name), string(access.FormatDocument(p.Document)), unix(p.CreatedAt), by, unix(p.ModifiedAt), by)
	if err != nil {
		return policy.Policy{}, err
	}
	made, err := s.db.customPolicies(ctx, where{}.with("y.id = ?", id))
	if err == nil && len(made) == 0 {
		err = errMissing("policy", id)
	}
	if err != nil {
		return policy.Policy{}, err
	}
	return made[0], nil
}

// SetStatements writes what a custom document says if the version still is version, and raises it; otherwise ok is false.
func (s Policies) SetStatements(ctx context.Context, id access.PolicyID, statements []access.Statement, version int64, by access.PrincipalID, at time.Time) (ok bool, err error) {
	n, err := s.db.exec(ctx, "changing a policy",
		"UPDATE policy SET document = ?, modified_at = ?, modified_by = ?, version = version + 1 WHERE id = ? AND version = ?",
		string(access.FormatDocument(access.Document{Statements: statements})), unix(at), by, id, version)
	return n == 1, err
}

// Delete removes a custom document if the version still is version, with all attachments of it; otherwise ok is false.
func (s Policies) Delete(ctx context.Context, id access.PolicyID, version int64) (ok bool, err error) {
	const doing = "deleting a policy"
	n, err := s.db.exec(ctx, doing, "DELETE FROM policy WHERE id = ? AND version = ?", id, version)
	if err != nil || n == 0 {
		return false, err
	}
	_, err = s.db.exec(ctx, doing, "DELETE FROM policy_attachment WHERE policy_id = ?", id)
	return true, err
}

// Attachments lists the attachments in force at now by name of the principal, then of the document: of one document, or of
// one principal, or with both of the one; 0 is any.
func (s Policies) Attachments(ctx context.Context, id access.PolicyID, p access.PrincipalID, now time.Time) ([]policy.Attachment, error) {
	among := where{}
	among.add("(a.until = 0 OR a.until > ?)", unix(now))
	if id != 0 {
		among.add("a.policy_id = ?", id)
	}
	if p != 0 {
		among.add("a.principal_id = ?", p)
	}
	system := map[access.PolicyID]string{}
	for _, d := range s.builtins.Documents {
		system[d.ID] = d.Name
	}
	return all(ctx, s.db, "reading the attachments of policies", func(row scanner) (a policy.Attachment, err error) {
		var at, until int64
		err = row.Scan(&a.ID, &a.Policy, &a.Name, &a.Principal, &a.User, &a.Kind, &at, &a.By, &until)
		a.At, a.Until = moment(at), momentOf(until)
		if a.Name == "" {
			a.Name = system[a.Policy]
		}
		return a, err
	}, `SELECT a.id, a.policy_id, coalesce(y.name, ''), a.principal_id, p.name, p.kind, a.attached_at, `+everOf+"a.attached_by"+orNobody+`, a.until
		FROM policy_attachment a JOIN principal p ON p.id = a.principal_id LEFT JOIN policy y ON y.id = a.policy_id`+among.sql()+" ORDER BY p.name_key, a.policy_id >= 1000, coalesce(y.name_key, ''), a.policy_id", among.args...)
}

// Attach attaches a document, replacing an attachment of it to the same principal; a zero until is open ended.
func (s Policies) Attach(ctx context.Context, id access.PolicyID, p, by access.PrincipalID, at, until time.Time) error {
	return s.db.attach(ctx, id, p, by, at, until)
}

func (db *DB) attach(ctx context.Context, id access.PolicyID, p, by access.PrincipalID, at, until time.Time) error {
	_, err := db.exec(ctx, "attaching a policy",
		`INSERT INTO policy_attachment (principal_id, policy_id, attached_at, attached_by, until) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (principal_id, policy_id) DO UPDATE SET attached_at = excluded.attached_at, attached_by = excluded.attached_by, until = excluded.until`,
		p, id, unix(at), by, unix(until))
	return err
}

// Detach takes a document away from a principal; one that is not attached does nothing.
func (s Policies) Detach(ctx context.Context, id access.PolicyID, p access.PrincipalID) error {
	_, err := s.db.exec(ctx, "detaching a policy", "DELETE FROM policy_attachment WHERE policy_id = ? AND principal_id = ?", id, p)
	return err
}
