package peers

import (
	"context"
	"fmt"

	openfgav1 "github.com/openfga/api/proto/openfga/v1"
	"github.com/openfga/language/pkg/go/transformer"
	"github.com/openfga/openfga/pkg/server"
	"github.com/openfga/openfga/pkg/storage/memory"

	"reeve/core/access"
)

// openFGA runs inside this process with its store in memory. The store looks at
// every tuple for every read, so that the full world is out of reach.
type openFGA struct {
	server       *server.Server
	store, model string
}

const fgaModel = `model
  schema 1.1

type user

type role
  relations
    define assignee: [user]

type cell
  relations
    define writer: [role#assignee]
    define reader: [role#assignee] or writer
`

// tuplesPerWrite is what the store takes at once.
const tuplesPerWrite = 100

func (o *openFGA) Build(w World) error {
	ctx := context.Background()
	engine, err := server.NewServerWithOpts(server.WithDatastore(memory.New()))
	if err != nil {
		return fmt.Errorf("build OpenFGA: %w", err)
	}
	o.server = engine
	store, err := engine.CreateStore(ctx, &openfgav1.CreateStoreRequest{Name: "workload"})
	if err != nil {
		return fmt.Errorf("build OpenFGA: store: %w", err)
	}
	o.store = store.GetId()
	parsed, err := transformer.TransformDSLToProto(fgaModel)
	if err != nil {
		return fmt.Errorf("build OpenFGA: read the model: %w", err)
	}
	model, err := engine.WriteAuthorizationModel(ctx, &openfgav1.WriteAuthorizationModelRequest{
		StoreId: o.store, SchemaVersion: parsed.GetSchemaVersion(), TypeDefinitions: parsed.GetTypeDefinitions(),
	})
	if err != nil {
		return fmt.Errorf("build OpenFGA: model: %w", err)
	}
	o.model = model.GetAuthorizationModelId()
	tuples := fgaTuples(w)
	for from := 0; from < len(tuples); from += tuplesPerWrite {
		part := tuples[from:min(from+tuplesPerWrite, len(tuples))]
		if _, err := engine.Write(ctx, &openfgav1.WriteRequest{
			StoreId: o.store, AuthorizationModelId: o.model, Writes: &openfgav1.WriteRequestWrites{TupleKeys: part},
		}); err != nil {
			return fmt.Errorf("build OpenFGA: tuples: %w", err)
		}
	}
	return nil
}

func fgaTuples(w World) []*openfgav1.TupleKey {
	var tuples []*openfgav1.TupleKey
	for _, g := range w.State.Grants {
		tuples = append(tuples, &openfgav1.TupleKey{
			User: fgaUser(g.Principal), Relation: "assignee", Object: fgaRole(g.Workspace, g.Role),
		})
	}
	for ws, roles := range w.rolesByWorkspace() {
		for _, r := range roles {
			for _, cell := range CellsOf(r) {
				tuples = append(tuples, &openfgav1.TupleKey{
					User: fgaRole(ws, r.ID) + "#assignee", Relation: fgaRelation(cell.Write), Object: fgaCell(ws, cell.Module),
				})
			}
		}
	}
	return tuples
}

func (o *openFGA) Prepare(questions []access.Question) (func(int) (bool, error), error) {
	requests := make([]*openfgav1.CheckRequest, len(questions))
	for i, q := range questions {
		requests[i] = &openfgav1.CheckRequest{
			StoreId: o.store, AuthorizationModelId: o.model,
			TupleKey: &openfgav1.CheckRequestTupleKey{
				User: fgaUser(q.Principal), Relation: fgaRelation(q.Level == access.Write), Object: fgaCell(q.Workspace, q.Module),
			},
		}
	}
	ctx := context.Background()
	return func(i int) (bool, error) {
		answer, err := o.server.Check(ctx, requests[i])
		if err != nil {
			return false, fmt.Errorf("ask OpenFGA: %w", err)
		}
		return answer.GetAllowed(), nil
	}, nil
}

// Close ends the server, which closes its store.
func (o *openFGA) Close() {
	if o.server != nil {
		o.server.Close()
	}
	o.server = nil
}

func fgaUser(p access.PrincipalID) string { return fmt.Sprintf("user:%d", p) }

func fgaRole(ws access.WorkspaceID, r access.RoleID) string { return fmt.Sprintf("role:%d-%d", ws, r) }

func fgaCell(ws access.WorkspaceID, m access.Module) string {
	return fmt.Sprintf("cell:%d-%s", ws, m.Code())
}

func fgaRelation(write bool) string {
	if write {
		return "writer"
	}
	return "reader"
}
