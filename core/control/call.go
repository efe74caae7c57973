package control

import (
	"context"

	"reeve/core/access"
)

// Face is the way an act came in.
type Face string

// The faces.
const (
	FaceConsole Face = "console"
	FaceCommand Face = "command"
	FaceSetup   Face = "setup" // the first run and the sample tenant
	// FaceKeeper is no person's: what falls due is moved by it. No face that takes requests may set it.
	FaceKeeper Face = "keeper"
)

// Actor is who is asking, as its face has proven it.
type Actor struct {
	Principal access.PrincipalID
	Name      string
	Face      Face
	// Address is where the request came from: empty on this machine, else host:port of the peer.
	Address string
	// Session is the id of the console session or of the one command.
	Session string
	// Only, if not empty, are the names or codes of workspace roles that the actor goes without the others of: a session
	// narrowed to them has no power, no tenant roles, and no role besides. What takes rights away stays.
	Only []string
	// ReadOnly refuses every act that changes something, whatever the actor may do otherwise.
	ReadOnly bool
}

type actorKey struct{}
type requestKey struct{}

// WithActor says who is asking in all calls made with the returned context.
func WithActor(ctx context.Context, a Actor) context.Context {
	return context.WithValue(ctx, actorKey{}, a)
}

// ActorOf is who is asking; ok is false when nobody said so, which every gate refuses.
func ActorOf(ctx context.Context) (a Actor, ok bool) {
	a, ok = ctx.Value(actorKey{}).(Actor)
	return a, ok
}

// WithRequest marks the next change made with the returned context as request id: however often it is repeated, it is
// applied once and answers the same.
func WithRequest(ctx context.Context, id string) context.Context {
	if id == "" {
		return ctx
	}
	return context.WithValue(ctx, requestKey{}, id)
}

// WithoutRequest takes the mark of WithRequest away: what is done in several changes is marked in its first alone.
func WithoutRequest(ctx context.Context) context.Context {
	return context.WithValue(ctx, requestKey{}, "")
}

func requestOf(ctx context.Context) string {
	id, _ := ctx.Value(requestKey{}).(string)
	return id
}
