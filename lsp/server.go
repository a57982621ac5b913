// Package lsp speaks the Language Server Protocol for compiler/ide. It alone knows of URIs, JSON, UTF-16 positions and
// clients; what a feature says is decided below.
//
// One goroutine reads messages and handles them in the order of their arrival, so that a request sees every edit that was
// sent before it and none that was sent after. Each request gets exactly one answer: a panic in a handler answers that
// request with an error and the next one works.
package lsp

import (
	"context"
	"fmt"
	"io"
	"runtime/debug"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"
	"go.uber.org/zap"
)

// Options say how a server is started.
type Options struct {
	// Version is reported to the client.
	Version string
	// Log gets what happens besides the protocol; nil for nothing.
	Log *zap.Logger
}

// phase is how far the handshake has got.
type phase uint8

const (
	created phase = iota
	initialized
	shutDown
	exited
)

// server is one connection's state. Only the goroutine that handles messages touches it.
type server struct {
	options   Options
	conn      jsonrpc2.Conn
	phase     phase
	encoding  protocol.PositionEncodingKind
	documents map[string]*document // by the client's spelling of the URI
	projects  map[string]*project  // by root folder
	leave     context.CancelFunc   // ends the connection
}

// Serve speaks with one client until it says exit, the stream ends, or the context does. The error is of the connection.
func Serve(ctx context.Context, stream io.ReadWriteCloser, options Options) error {
	if options.Log == nil {
		options.Log = zap.NewNop()
	}
	ctx, leave := context.WithCancel(ctx)
	defer leave()
	s := &server{
		options: options, leave: leave, encoding: protocol.PositionEncodingKindUTF16,
		documents: map[string]*document{}, projects: map[string]*project{},
	}
	s.conn = jsonrpc2.NewConn(tolerate(jsonrpc2.NewHeaderStream(stream)), jsonrpc2.WithCodec(codec{}))
	s.conn.Go(ctx, s.handle)
	select {
	case <-s.conn.Done():
	case <-ctx.Done():
		stream.Close() // frees the reader; conn.Close would wait for it
	}
	if s.phase == exited || s.phase == shutDown {
		return nil
	}
	if err := s.conn.Err(); err != nil {
		return fmt.Errorf("serve a language client: %w", err)
	}
	return nil
}

// handle is the jsonrpc2.Handler: an error from a notification would end the connection, so those are only logged.
func (s *server) handle(ctx context.Context, req *jsonrpc2.Request) (result any, err error) {
	method := req.Method()
	defer func() {
		if broken := recover(); broken != nil {
			s.options.Log.Error("handler panicked", zap.String("method", method), zap.Any("panic", broken), zap.ByteString("stack", debug.Stack()))
			result, err = nil, jsonrpc2.Errorf(jsonrpc2.InternalError, "%s failed: %v", method, broken)
		}
		if err != nil && !req.IsCall() {
			s.options.Log.Warn("notification", zap.String("method", method), zap.Error(err))
			err = nil
		}
	}()
	return s.dispatch(ctx, method, req.Params())
}

// dispatch finds the handler for a method and lets it run in the phases in which it may.
func (s *server) dispatch(ctx context.Context, method string, params jsonrpc2.RawMessage) (any, error) {
	switch {
	case method == "exit":
		s.exit()
		return nil, nil
	case s.phase == created && method != "initialize":
		return nil, jsonrpc2.Errorf(jsonrpc2.ServerNotInitialized, "%s before initialize", method)
	case s.phase == shutDown:
		return nil, jsonrpc2.Errorf(jsonrpc2.InvalidRequest, "%s after shutdown", method)
	}
	handler, ok := handlers[method]
	if !ok {
		return nil, jsonrpc2.Errorf(jsonrpc2.MethodNotFound, "hark-ls does not know the method %q", method)
	}
	return handler(s, ctx, params)
}

// exit ends the connection, as the protocol wants with or without a shutdown before it.
func (s *server) exit() {
	if s.phase == shutDown {
		s.phase = exited
	}
	s.leave()
}

// codec encodes the protocol's types, unions included.
type codec struct{}

func (codec) Marshal(v any) ([]byte, error) {
	if raw, ok := v.(jsonrpc2.RawMessage); ok {
		return raw, nil
	}
	return protocol.Marshal(v)
}

func (codec) Unmarshal(data []byte, v any) error { return protocol.Unmarshal(data, v) }
