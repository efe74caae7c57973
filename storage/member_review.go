package storage

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"reeve/core/access"
	"reeve/core/fault"
	"reeve/core/member"
)

const (
	reviewFrom = "review r"
	// stillHeld says whether what the item i of the review r found is held by the same grant at a time, or the membership is still without
	// a role.
	stillHeld = `CASE i.role_id WHEN 0 THEN EXISTS (SELECT 1 FROM member h WHERE h.workspace_id = r.workspace_id AND h.principal_id = i.principal_id
			AND h.added_at = i.granted_at) AND NOT EXISTS (SELECT 1 FROM role_grant g WHERE g.workspace_id = r.workspace_id
			AND g.principal_id = i.principal_id AND (g.until = 0 OR g.until > %[1]d))
		ELSE EXISTS (SELECT 1 FROM role_grant g WHERE g.workspace_id = r.workspace_id AND g.principal_id = i.principal_id AND g.role_id = i.role_id
			AND g.granted_at = i.granted_at AND (g.until = 0 OR g.until > %[1]d)) END`
)

// reviewColumns are those of a review; at is in Unix seconds.
func reviewColumns(at int64) string {
	return `r.id, r.days, r.started_at, ` + everOf + "r.started_by" + orNobody + `, (SELECT count(*) FROM review_item i WHERE i.review_id = r.id),
		(SELECT count(*) FROM review_item i WHERE i.review_id = r.id AND i.decision = '' AND ` + fmt.Sprintf(stillHeld, at) + ")"
}

func scanReview(row scanner) (r member.Review, err error) {
	var started int64
	err = row.Scan(&r.ID, &r.Days, &started, &r.StartedBy, &r.Items, &r.Open)
	r.StartedAt = moment(started)
	return r, err
}

// Reviews lists the reviews of a workspace without what they are about, the newest first.
func (s Members) Reviews(ctx context.Context, ws access.WorkspaceID) ([]member.Review, error) {
	return all(ctx, s.db, "listing reviews", scanReview, "SELECT "+reviewColumns(s.db.now())+" FROM "+reviewFrom+" WHERE r.workspace_id = ? ORDER BY r.id DESC", ws)
}

// Review finds one with what it is about; fault.NotFound otherwise.
func (s Members) Review(ctx context.Context, ws access.WorkspaceID, id int64) (r member.Review, err error) {
	err = s.db.Read(ctx, func(ctx context.Context) (err error) {
		var ok bool
		r, ok, err = one(ctx, s.db, "reading a review", scanReview, "SELECT "+reviewColumns(s.db.now())+" FROM "+reviewFrom+" WHERE r.workspace_id = ? AND r.id = ?", ws, id)
		if err != nil {
			return err
		}
		if !ok {
			return &fault.NotFound{What: "review", Name: strconv.FormatInt(id, 10)}
		}
		r.Found, err = all(ctx, s.db, "reading what a review is about", scanReviewItem,
			`SELECT i.number, i.principal_id, i.user_name, i.role_id, i.role_code, i.role_name, i.granted_at, i.last_used, i.decision, i.until,
				i.decided_at, `+everOf+"i.decided_by"+orNobody+", "+fmt.Sprintf(stillHeld, s.db.now())+`,
				CASE WHEN m.active_at > max(i.last_used, i.granted_at) THEN m.active_at ELSE 0 END
			FROM review_item i JOIN review r ON r.id = i.review_id
				LEFT JOIN member m ON m.workspace_id = r.workspace_id AND m.principal_id = i.principal_id
			WHERE i.review_id = ? ORDER BY i.number`, id)
		return err
	})
	return r, err
}

func scanReviewItem(row scanner) (it member.ReviewItem, err error) {
	var granted, used, until, decided, since int64
	err = row.Scan(&it.Number, &it.Principal, &it.User, &it.Role, &it.Code, &it.Name, &granted, &used, &it.Decision, &until, &decided, &it.DecidedBy, &it.Held, &since)
	it.GrantedAt, it.LastUsed, it.Until, it.DecidedAt = moment(granted), momentOf(used), momentOf(until), momentOf(decided)
	if it.Held {
		it.UsedSince = momentOf(since)
	}
	return it, err
}

// StartReview writes a review down and returns its id.
func (s Members) StartReview(ctx context.Context, ws access.WorkspaceID, days int, found []member.Dormant, by access.PrincipalID, at time.Time) (int64, error) {
	const doing = "starting a review"
	id, err := s.db.insertRow(ctx, doing, "INSERT INTO review (workspace_id, days, started_at, started_by) VALUES (?, ?, ?, ?)", ws, days, unix(at), by)
	if err != nil {
		return 0, err
	}
	for i, d := range found {
		if _, err := s.db.exec(ctx, doing, `INSERT INTO review_item (review_id, number, principal_id, user_name, role_id, role_code, role_name, granted_at, last_used)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`, id, i+1, d.Principal, d.User, d.ID, d.Code, d.Name, unix(d.GrantedAt), unixOf(d.LastUsed)); err != nil {
			return 0, err
		}
	}
	return id, nil
}

// Decide notes a decision about an item.
func (s Members) Decide(ctx context.Context, review int64, v member.Verdict, by access.PrincipalID, at time.Time) error {
	n, err := s.db.exec(ctx, "deciding about a review",
		"UPDATE review_item SET decision = ?, until = ?, decided_at = ?, decided_by = ? WHERE review_id = ? AND number = ? AND decision = ''",
		string(v.Decision), unix(v.Until), unix(at), by, review, v.Number)
	if err == nil && n == 0 {
		err = errMissing("open item", v.Number)
	}
	return err
}
