package lsp

import (
	"errors"

	"go.lsp.dev/protocol"
)

// Methods that only tests call: one that takes as long as it may, and one that breaks.

func init() {
	answer("test/wait", func(r *request, _ *documentParams) (any, error) {
		<-r.ctx.Done()
		return nil, r.ctx.Err()
	}, nil).unbounded = true
	answer("test/panic", func(*request, *struct{}) (any, error) { panic("on purpose") }, nil)
	answer("test/fail", func(*request, *struct{}) (any, error) { return nil, errors.New("it cannot be done") }, nil)
	answer("test/text", func(r *request, _ *documentParams) (any, error) { return protocol.String(r.doc.text()), nil }, nil)
}
