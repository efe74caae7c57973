package storage

import (
	"context"
	"strings"

	"reeve/core/access"
	"reeve/core/figure"
)

// Begin keeps a new ingestion and returns its id. Of older ones than the newest keep only those stay that were the last to bring
// something for a workspace.
func (s Figures) Begin(ctx context.Context, in figure.Ingestion, keep int) (int64, error) {
	id, err := s.db.insertRow(ctx, "beginning an ingestion", `INSERT INTO figure_ingestion (kind, source, by_id, by_name, began_at, ended_at, stage,
		lines, taken, repeated, late, other, malformed, unknown, refused) VALUES (?, ?, ?, ?, ?, 0, ?, 0, 0, 0, 0, 0, 0, 0, 0)`,
		string(in.Kind), in.Source, in.By, in.ByName, unix(in.BeganAt), string(in.Stage))
	if err != nil {
		return 0, err
	}
	_, err = s.db.exec(ctx, "forgetting ingestions",
		"DELETE FROM figure_ingestion WHERE id <= ? AND NOT EXISTS (SELECT 1 FROM figure_touched t WHERE t.ingestion_id = figure_ingestion.id)", id-int64(keep))
	return id, err
}

// SaveIngestion keeps an ingestion with its problems as they are now, and that it brought something for the workspaces touched.
func (s Figures) SaveIngestion(ctx context.Context, in figure.Ingestion, touched []access.WorkspaceID) error {
	const doing = "keeping an ingestion"
	n, err := s.db.exec(ctx, doing, `UPDATE figure_ingestion SET ended_at = ?, stage = ?, lines = ?, taken = ?, repeated = ?, late = ?, other = ?,
		malformed = ?, unknown = ?, refused = ? WHERE id = ?`, unix(in.EndedAt), string(in.Stage), in.Lines, in.Taken, in.Repeated, in.Late, in.Other,
		in.Malformed, in.Unknown, in.Refused, in.ID)
	if err == nil && n == 0 {
		err = errMissing("ingestion", in.ID)
	}
	if err != nil {
		return err
	}
	if _, err := s.db.exec(ctx, doing, "DELETE FROM figure_problem WHERE ingestion_id = ?", in.ID); err != nil {
		return err
	}
	for i, p := range in.Problems {
		if _, err := s.db.exec(ctx, doing, "INSERT INTO figure_problem (ingestion_id, n, kind, line, reasons, text, count) VALUES (?, ?, ?, ?, ?, ?, ?)",
			in.ID, i, string(p.Kind), p.Line, storedReasons(p.Reasons), p.Text, p.Count); err != nil {
			return err
		}
	}
	for _, ws := range touched {
		if _, err := s.db.exec(ctx, doing, `INSERT INTO figure_touched (workspace_id, ingestion_id) VALUES (?, ?)
			ON CONFLICT (workspace_id) DO UPDATE SET ingestion_id = excluded.ingestion_id`, ws, in.ID); err != nil {
			return err
		}
	}
	return nil
}

const ingestionColumns = `i.id, i.kind, i.source, i.by_id, i.by_name, i.began_at, i.ended_at, i.stage, i.lines, i.taken, i.repeated, i.late, i.other,
	i.malformed, i.unknown, i.refused`

func scanIngestion(row scanner) (in figure.Ingestion, err error) {
	var began, ended int64
	err = row.Scan(&in.ID, &in.Kind, &in.Source, &in.By, &in.ByName, &began, &ended, &in.Stage, &in.Lines, &in.Taken, &in.Repeated, &in.Late,
		&in.Other, &in.Malformed, &in.Unknown, &in.Refused)
	in.BeganAt, in.EndedAt = moment(began), moment(ended)
	return in, err
}

// Ingestions are the newest ones, newest first, without their problems; by, if not 0, are only those of this principal.
func (s Figures) Ingestions(ctx context.Context, by access.PrincipalID, limit int) ([]figure.Ingestion, error) {
	among := where{}
	if by != 0 {
		among.add("i.by_id = ?", by)
	}
	return all(ctx, s.db, "reading the ingestions", scanIngestion,
		"SELECT "+ingestionColumns+" FROM figure_ingestion i"+among.sql()+" ORDER BY i.id DESC LIMIT ?", append(among.args, limit)...)
}

// Ingestion is one with its problems; ok is false when there is none of that id.
func (s Figures) Ingestion(ctx context.Context, id int64) (in figure.Ingestion, ok bool, err error) {
	err = s.db.Read(ctx, func(ctx context.Context) error {
		in, ok, err = one(ctx, s.db, "reading an ingestion", scanIngestion, "SELECT "+ingestionColumns+" FROM figure_ingestion i WHERE i.id = ?", id)
		if err != nil || !ok {
			return err
		}
		in.Problems, err = all(ctx, s.db, "reading an ingestion", func(row scanner) (p figure.Problem, err error) {
			var reasons string
			err = row.Scan(&p.Kind, &p.Line, &reasons, &p.Text, &p.Count)
			for _, r := range strings.Fields(reasons) {
				p.Reasons = append(p.Reasons, figure.Reason(r))
			}
			return p, err
		}, "SELECT kind, line, reasons, text, count FROM figure_problem WHERE ingestion_id = ? ORDER BY n", id)
		return err
	})
	return in, ok, err
}

// LastOf is the newest ingestion that brought anything for a workspace, without its problems.
func (s Figures) LastOf(ctx context.Context, ws access.WorkspaceID) (figure.Ingestion, bool, error) {
	return one(ctx, s.db, "reading the last ingestion", scanIngestion,
		"SELECT "+ingestionColumns+" FROM figure_touched t JOIN figure_ingestion i ON i.id = t.ingestion_id WHERE t.workspace_id = ?", ws)
}

func storedReasons(reasons []figure.Reason) string {
	names := make([]string, len(reasons))
	for i, r := range reasons {
		names[i] = string(r)
	}
	return strings.Join(names, " ")
}
