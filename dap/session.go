package dap

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"time"

	"github.com/google/go-dap"
	"go.uber.org/zap"

	"github.com/hark-lang/hark-ls/dap/debugger"
	"github.com/hark-lang/hark-ls/internal/bug"
)

// session is one client's.
type session struct {
	Config
	// life is the session's context; cancel ends it.
	life   context.Context
	cancel context.CancelFunc
	out    *writer
	queue  *queue
	asked  asked
	// passage leads to another adapter, if the session is passed on.
	passage passage
	// over: a disconnect was answered.
	over bool
	// leaves: what runs is not to be cancelled then.
	leaves bool

	initialized bool
	client      clientAbilities
	lineBase    int // what the client's first line is called
	columnBase  int

	launch   Launch
	kind     *targetKind // nil before a launch
	prepared *made
	// announced is what the client knows that the target can do.
	announced  changing
	program    *debugger.Program
	target     debugger.Target
	listener   *listener
	configured bool
	begun      bool

	breakpoints breakpoints
	handles     handles
	sources     *sources
}

// call is one request that is being handled.
type call struct {
	*session
	// ctx ends when the request is cancelled, and with the session.
	ctx context.Context
	// then is what follows the answer.
	then func()
	// held: events of the target wait until the request is answered.
	held bool
	// shape is how values are shown, nil for the usual way.
	shape *shape
}

// Serve is one client's session, from the first message to the end of the input, a disconnect, or the context's end. When it
// returns nothing that was started for it is left.
func Serve(ctx context.Context, in io.Reader, out io.Writer, c Config) error {
	if c.Log == nil {
		c.Log = zap.NewNop()
	}
	s := &session{Config: c, out: newWriter(out), queue: newQueue(), lineBase: 1, columnBase: 1}
	s.breakpoints.errors = debugger.ExceptionStops{Uncaught: true}
	s.life, s.cancel = context.WithCancel(ctx)
	defer s.cancel()
	failed := make(chan error, 1)
	go s.read(bufio.NewReader(in), failed)
	s.dispatch()
	s.cancel()
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

// patience is how long the end of a session waits for a client to take what is still to be said, for requests that came before the
// end of the input, and for one that is at work and was given up.
const patience = 500 * time.Millisecond

// read takes messages from the input. Its end ends the session, once what came before is answered, or soon.
func (s *session) read(in *bufio.Reader, failed chan<- error) {
	defer time.AfterFunc(patience, s.cancel)
	defer s.queue.close()
	for s.life.Err() == nil {
		content, err := readMessage(in)
		if err != nil {
			if !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) && s.life.Err() == nil {
				failed <- fmt.Errorf("read a message of the client: %w", err)
			}
			return
		}
		s.Log.Debug("client", zap.ByteString("message", content))
		if s.passage.pass(content) || s.asked.answered(content) {
			continue
		}
		j := &job{}
		j.envelope, j.wrong = decodeEnvelope(content)
		if j.wrong == nil {
			j.row, j.known = requests[j.envelope.Command]
		}
		if j.envelope.Command == "initialize" {
			s.passage.remember(&j.envelope, content)
		}
		j.ctx, j.cancel = context.WithCancel(s.life)
		s.queue.put(j)
	}
}

// dispatch handles one request after the other; those that are urgent also while another is at work.
func (s *session) dispatch() {
	var finished chan struct{}
	for !s.over {
		j, over := s.queue.take()
		switch {
		case over:
			return
		case j == nil:
			select {
			case <-s.queue.changed:
			case <-s.life.Done():
				waitFor(finished)
				return
			}
		case j.row.urgent:
			s.handle(j)
			j.cancel()
		default:
			done := make(chan struct{})
			finished = done
			go func() {
				defer close(done)
				s.handle(j)
				s.queue.done(j)
			}()
			if !j.row.long {
				<-done
			}
		}
	}
}

// waitFor waits for a request at work that was given up, but not for long.
func waitFor(finished <-chan struct{}) {
	if finished == nil {
		return
	}
	select {
	case <-finished:
	case <-time.After(patience):
	}
}

// handle answers one message.
func (s *session) handle(j *job) {
	e := j.envelope
	if j.wrong != nil {
		s.answer(e, nil, j.wrong)
		return
	}
	if passed, err := s.passOn(j); passed || err != nil {
		if err != nil {
			s.answer(e, nil, err)
		}
		return
	}
	c := &call{session: s, ctx: j.ctx}
	defer func() {
		if p := recover(); p != nil {
			bug.Report("%s: %v\n%s", e.Command, p, debug.Stack())
			s.answer(e, nil, fmt.Errorf("internal error: %v", p))
			if c.held {
				s.listener.release()
			}
		}
	}()
	body, err := c.do(j)
	if err != nil && j.ctx.Err() != nil {
		err = errCancelled
	}
	s.answer(e, body, err)
	if c.held {
		s.listener.release()
	}
	if c.then != nil && err == nil {
		c.then()
	}
}

// errCancelled is the answer to a request that was given up, in the words of the protocol.
var errCancelled = errors.New("cancelled")

func (c *call) do(j *job) (any, error) {
	if !j.known {
		return nil, fmt.Errorf("the request %s is not supported", j.envelope.Command)
	}
	if err := c.allowed(j.row.zone); err != nil {
		return nil, err
	}
	if err := j.ctx.Err(); err != nil && !j.row.ends {
		return nil, err
	}
	return j.row.handle(c, j.envelope.Arguments)
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
		r.Body = dap.ErrorResponseBody{Error: &dap.ErrorMessage{Id: errorID, Format: "{reason}", Variables: map[string]string{"reason": err.Error()}, ShowUser: e.Command == "launch" || e.Command == "attach"}}
	}
	s.out.send(r)
}

func (s *session) event(name string, body any) { s.out.send(newEvent(name, body)) }

func newEvent(name string, body any) *event {
	e := &event{Body: body}
	e.Event.Event = name
	return e
}
