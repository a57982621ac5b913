package dap

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"time"

	"github.com/google/go-dap"
	"go.uber.org/zap"

	"github.com/hark-lang/hark-ls/dap/debugger"
	"github.com/hark-lang/hark-ls/internal/bug"
	"github.com/hark-lang/hark-ls/vm"
	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// Config is what sessions need from outside.
type Config struct {
	// Prepare makes what a launch request asks for ready to be run. Its error is shown to the user as it is.
	Prepare func(ctx context.Context, l Launch) (*Prepared, error)
	// Log is told of every message; nil for no log.
	Log *zap.Logger
}

// Launch are the arguments of a launch request.
type Launch struct {
	// Program is the entry file; relative to Cwd, and that to the adapter's current directory.
	Program  string `json:"program"`
	Function string `json:"function"`
	// Args are the values of the entry's arguments as JSON, in order.
	Args        []json.RawMessage `json:"args"`
	Cwd         string            `json:"cwd"`
	StopOnEntry bool              `json:"stopOnEntry"`
	// Python is the interpreter, "" for the project's.
	Python string `json:"python"`
	// Env are environment variables for Python; null takes one away.
	Env     map[string]*string `json:"env"`
	NoDebug bool               `json:"noDebug"`
}

// Prepared is a program that can be run.
type Prepared struct {
	Program *bytecode.Program
	// Root is the directory that the paths of the program's files are relative to.
	Root string
	Args []vm.Value
	// World is for one run of the program.
	World debugger.World
}

// session is one client's.
type session struct {
	Config
	ctx    context.Context
	cancel context.CancelFunc
	out    *writer
	// then is what follows the answer to the request at hand.
	then func()
	// over: a disconnect was answered.
	over bool

	initialized bool
	lineBase    int // what the client's first line is called
	columnBase  int

	launch     Launch
	prepared   *Prepared
	program    *debugger.Program
	target     debugger.Target
	listener   *listener
	configured bool
	begun      bool

	breakpoints breakpoints
	uncaught    bool
	handles     handles
	sources     sources
}

// Serve is one client's session, from the first message to the end of the input, a disconnect, or the context's end. When it
// returns nothing that was started for it is left.
func Serve(ctx context.Context, in io.Reader, out io.Writer, c Config) error {
	if c.Log == nil {
		c.Log = zap.NewNop()
	}
	s := &session{Config: c, out: newWriter(out), uncaught: true, lineBase: 1, columnBase: 1}
	s.ctx, s.cancel = context.WithCancel(ctx)
	defer s.cancel()
	requests, failed := make(chan []byte), make(chan error, 1)
	go s.read(bufio.NewReader(in), requests, failed)
	s.dispatch(requests)
	s.endTarget()
	s.out.close()
	select {
	case <-s.out.done:
	case <-time.After(patience): // the client does not read
	}
	select {
	case err := <-failed:
		return err
	default:
		return nil
	}
}

// patience is how long the end of a session waits for a client to take what is still to be said.
const patience = 500 * time.Millisecond

// read takes messages from the input. Its end ends whatever the session does.
func (s *session) read(in *bufio.Reader, requests chan<- []byte, failed chan<- error) {
	defer close(requests)
	defer s.cancel()
	for {
		content, err := dap.ReadBaseMessage(in)
		if err != nil {
			if !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) && s.ctx.Err() == nil {
				failed <- fmt.Errorf("read a message of the client: %w", err)
			}
			return
		}
		select {
		case requests <- content:
		case <-s.ctx.Done():
			return
		}
	}
}

func (s *session) dispatch(requests <-chan []byte) {
	for !s.over {
		select {
		case content, ok := <-requests:
			if !ok {
				return
			}
			s.handle(content)
		case <-s.ctx.Done():
			return
		}
	}
}

// handle answers one message.
func (s *session) handle(content []byte) {
	s.Log.Debug("client", zap.ByteString("message", content))
	e, err := decodeEnvelope(content)
	if err != nil {
		s.answer(e, nil, err)
		return
	}
	defer func() {
		if p := recover(); p != nil {
			bug.Report("%s: %v\n%s", e.Command, p, debug.Stack())
			s.answer(e, nil, fmt.Errorf("internal error: %v", p))
		}
	}()
	row, known := requests[e.Command]
	if !known {
		s.answer(e, nil, fmt.Errorf("the request %s is not supported", e.Command))
		return
	}
	if err := s.allowed(row.zone); err != nil {
		s.answer(e, nil, err)
		return
	}
	body, err := row.handle(s, e.Arguments)
	s.answer(e, body, err)
	then := s.then
	s.then = nil
	if then != nil && err == nil {
		then()
	}
}

// allowed says whether requests of a zone are allowed now.
func (s *session) allowed(z zone) error {
	switch {
	case z == always:
		return nil
	case !s.initialized:
		return errors.New("the first request has to be initialize")
	case z == configuring:
		return nil
	case s.target == nil:
		return errors.New("no program has been launched")
	case z == launched:
		return nil
	case s.listener.isOver():
		return errors.New("the program has ended")
	case !s.begun:
		return errors.New("the program has not begun: configurationDone is missing")
	case z == stopped && !s.target.Stopped():
		return errors.New("the program is running; pause it first")
	}
	return nil
}

// errorID is the number of all errors, which are told apart by their text.
const errorID = 1000

func (s *session) answer(e envelope, body any, err error) {
	r := &response{Body: body}
	r.RequestSeq, r.Command, r.Success = e.Seq, e.Command, err == nil
	if err != nil {
		r.Message = err.Error()
		r.Body = dap.ErrorResponseBody{Error: &dap.ErrorMessage{Id: errorID, Format: "{reason}", Variables: map[string]string{"reason": err.Error()}, ShowUser: e.Command == "launch"}}
	}
	s.out.send(r)
}

func (s *session) event(name string, body any) { s.out.send(newEvent(name, body)) }

func newEvent(name string, body any) *event {
	e := &event{Body: body}
	e.Event.Event = name
	return e
}
