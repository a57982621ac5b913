// Package lsp speaks the Language Server Protocol for compiler/ide. It alone knows of URIs, JSON, UTF-16 positions and
// clients; what a feature says is decided below.
//
// One goroutine reads messages and never waits (conn.go). Another takes them in the order of their arrival: what a client does to its
// documents, folders and settings makes a new state (state.go, sync.go), and a request is given the state of its turn, so that it sees
// every edit that was sent before it and none that was sent after. Then it runs beside what follows (handlers.go). Each
// request gets exactly one answer: the handler's, or at once that it was cancelled, or that an edit overtook it; a panic in a handler
// answers that request with an error and the next one works. A third goroutine tells the client about problems (publish.go).
package lsp

import (
	"context"
	"errors"
	"io"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

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
	// Run runs programs for the command hark.run; nil if none can be run.
	Run Runner
}

// phase is how far the handshake has got.
type phase uint8

const (
	created phase = iota
	initialized
	shutDown
)

// server is one connection. Only the goroutine that takes messages touches what has no lock of its own.
type server struct {
	options Options
	*conn
	ctx   context.Context // ends with the connection
	phase phase
	state *state
	// running are the requests about a document that are not answered yet, by the document's key.
	running map[string][]*request
	// slots bounds how many handlers compute at a time.
	slots     chan struct{}
	handlers  sync.WaitGroup
	publisher *publisher
	// complained are the messages about settings that were shown.
	complained map[string]bool
	// tokens counts those of progress that are ours; cancellable has, by token, what stops the work.
	tokens      atomic.Int64
	cancellable sync.Map
	// looking: the disk is being looked at; looked is when that was done last.
	looking bool
	looked  time.Time
	painted painted
}

// How long a connection that is at its end waits: first for answers that are being computed, then for what has been told to stop. The sum
// is well below the 2 s within which the process has to be gone.
const (
	patience   = 500 * time.Millisecond
	lastChance = 500 * time.Millisecond
)

// errNoShutdown is the end of a connection that the client has not announced by "shutdown".
var errNoShutdown = errors.New("the client is gone without a shutdown")

// Serve speaks with one client until it says exit, the stream ends, or the context does. The error, if any, says that the client did not
// take its leave.
func Serve(ctx context.Context, stream io.ReadWriteCloser, options Options) error {
	if options.Log == nil {
		options.Log = zap.NewNop()
	}
	base, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	s := &server{
		options: options, conn: newConn(stream, options.Log), ctx: base, running: map[string][]*request{}, complained: map[string]bool{},
		slots: make(chan struct{}, 2*runtime.GOMAXPROCS(0)+2),
		state: &state{coding: coding(protocol.PositionEncodingKindUTF16), client: &clientCapabilities{}, global: defaultSettings(),
			documents: map[string]*document{}, projects: map[string]*project{}},
	}
	s.publisher = newPublisher(s.conn)
	go s.publisher.run(base)
	sent := make(chan struct{})
	defer close(sent)
	go s.send(sent)
	reading, took := make(chan struct{}), make(chan struct{})
	go func() { defer close(reading); s.read(base) }()
	go func() { defer close(took); s.take() }()
	select {
	case <-reading:
	case <-ctx.Done():
		s.inbox.close()
	}
	s.finish(stop, took)
	stream.Close() // frees the reader
	select {
	case <-took:
		if s.phase == shutDown {
			return nil
		}
	default:
	}
	return errNoShutdown
}

// send sends what is written, for as long as the client can be reached.
func (s *server) send(stop <-chan struct{}) {
	if err := s.writer.run(stop); err != nil {
		s.options.Log.Debug("the client cannot be reached", zap.Error(err))
	}
}

// finish lets what was sent before the end be answered, and stops what takes too long.
func (s *server) finish(stop context.CancelFunc, took <-chan struct{}) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		<-took
		s.handlers.Wait()
		s.publisher.drain()
		s.writer.flush()
	}()
	select {
	case <-done:
	case <-time.After(patience):
	}
	stop()
	select {
	case <-done:
	case <-time.After(lastChance):
	}
}

// take handles what comes, in order, until there is nothing any more.
func (s *server) take() {
	for {
		e, ok := s.inbox.take()
		if !ok {
			return
		}
		switch {
		case e.request != nil:
			s.startRequest(e.request)
		case e.notification != nil:
			s.handleNotification(e.notification)
		default:
			s.guard("our own event", func() error { e.own(); return nil })
		}
	}
}

// later does something in its turn, on the goroutine that owns the state.
func (s *server) later(own func()) { s.inbox.put(event{own: own}) }

func (s *server) handleNotification(m *message) {
	handler := notifications[m.method]
	if handler == nil || s.phase != initialized {
		s.options.Log.Debug("notification is passed over", zap.String("method", m.method))
		return
	}
	s.guard(m.method, func() error { return handler(s, m.params) })
}

// guard keeps what goes wrong with a notification from everything else: there is no one to be told but the log.
func (s *server) guard(what string, do func() error) {
	defer func() {
		if broken := recover(); broken != nil {
			s.options.Log.Error("handler panicked", zap.String("method", what), zap.Any("panic", broken), zap.ByteString("stack", debug.Stack()))
		}
	}()
	if err := do(); err != nil {
		s.options.Log.Warn("notification", zap.String("method", what), zap.Error(err))
	}
}

// overtake answers the requests about a document that is about to change: their results would be about a text that is no more.
func (s *server) overtake(key string) {
	for _, r := range s.running[key] {
		r.abandon(errModified)
	}
	delete(s.running, key)
}

// track remembers a request that an edit of its document would make obsolete.
func (s *server) track(r *request) {
	if r.doc == nil {
		return
	}
	kept := s.running[r.doc.key][:0]
	for _, old := range s.running[r.doc.key] {
		if !old.answered.Load() {
			kept = append(kept, old)
		}
	}
	s.running[r.doc.key] = append(kept, r)
}

// startRequest gives a request the state of its turn and lets it run.
func (s *server) startRequest(r *request) {
	if r.answered.Load() {
		return
	}
	handler, refused := s.admit(r)
	if refused != nil {
		r.settle(nil, refused)
		return
	}
	r.state, r.server = s.state, s
	run, err := handler.prepare(r)
	if err != nil {
		r.settle(nil, err)
		return
	}
	if handler.inTurn {
		s.answer(r, run)
		return
	}
	s.track(r)
	s.handlers.Go(func() {
		if !handler.unbounded {
			select {
			case s.slots <- struct{}{}:
				defer func() { <-s.slots }()
			case <-r.ctx.Done():
			}
		}
		if r.answered.Load() {
			return
		}
		s.answer(r, run)
	})
}

// admit finds the handler for a request and lets it run in the phases in which it may.
func (s *server) admit(r *request) (*method, error) {
	switch {
	case s.phase == created && r.method != "initialize":
		return nil, jsonrpc2.Errorf(jsonrpc2.ServerNotInitialized, "%s before initialize", r.method)
	case s.phase == shutDown:
		return nil, jsonrpc2.Errorf(jsonrpc2.InvalidRequest, "%s after shutdown", r.method)
	}
	handler := methods[r.method]
	if handler == nil {
		return nil, jsonrpc2.Errorf(jsonrpc2.MethodNotFound, "hark-ls does not know the method %.200q", r.method)
	}
	return handler, nil
}

// answer runs a handler and sends what it says.
func (s *server) answer(r *request, run func() (any, error)) {
	defer func() {
		if broken := recover(); broken != nil {
			s.options.Log.Error("handler panicked", zap.String("method", r.method), zap.Any("panic", broken), zap.ByteString("stack", debug.Stack()))
			r.settle(nil, jsonrpc2.Errorf(jsonrpc2.InternalError, "%s failed: %v", r.method, broken))
		}
	}()
	result, err := run()
	if err != nil {
		r.settle(nil, coded(r, err))
		return
	}
	raw, err := encode(result)
	if err != nil {
		err = jsonrpc2.Errorf(jsonrpc2.InternalError, "%s: the answer cannot be encoded: %v", r.method, err)
	}
	r.settle(raw, err)
}

// codeRequestFailed is the protocol's code for a request that was right and cannot be fulfilled.
const codeRequestFailed = jsonrpc2.Code(protocol.LSPErrorCodesRequestFailed)

// coded gives an error of a handler the code that it has on the wire.
func coded(r *request, err error) error {
	var wire *jsonrpc2.Error
	var why *jsonrpc2.Error
	switch {
	case errors.As(err, &wire):
		return wire
	case errors.As(context.Cause(r.ctx), &why):
		return why
	case r.ctx.Err() != nil:
		return errEnding
	}
	return jsonrpc2.NewError(codeRequestFailed, err.Error())
}
