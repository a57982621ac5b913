package lsp

import (
	"context"
	"encoding/json"
	"sync/atomic"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"
)

// request is a request of the client while it is being answered. Its handler runs beside others and beside the edits that come after
// it; what it sees of the project, its documents and settings is the state at its turn, which does not change any more.
type request struct {
	id     jsonrpc2.ID
	method string
	raw    json.RawMessage
	// ctx ends when nobody wants the answer any more.
	ctx  context.Context
	stop context.CancelCauseFunc
	send func(result json.RawMessage, err error)
	// answered: there is one answer, whoever is first.
	answered atomic.Bool

	// server is for what is done to the client meanwhile: progress, messages.
	server *server
	// state is the whole server's.
	*state
	// project is the one that the request's document belongs to, and doc that document; both are nil for requests without one.
	*project
	doc *document
}

var (
	errCancelled = jsonrpc2.NewError(protocol.CodeRequestCancelled, "cancelled by the client")
	errModified  = jsonrpc2.NewError(protocol.CodeContentModified, "the document was edited meanwhile")
	errEnding    = jsonrpc2.NewError(protocol.CodeRequestCancelled, "the server ends")
)

// settle answers the request unless it is answered.
func (r *request) settle(result json.RawMessage, err error) {
	if r.answered.CompareAndSwap(false, true) {
		r.send(result, err)
		r.stop(errEnding)
	}
}

// abandon answers the request with the reason why its result is not wanted any more, and tells its handler.
func (r *request) abandon(why *jsonrpc2.Error) {
	r.stop(why)
	r.settle(nil, why)
}
