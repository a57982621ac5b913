package process

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"sync"

	"github.com/hark-lang/hark-ls/runtime/engine"
)

// Job is the line that a child reads first: its thread, and what the parent has to say of the engine it shall make.
type Job struct {
	Session string          `json:"session"`
	Thread  string          `json:"thread"`
	Token   string          `json:"token"`
	Owner   string          `json:"owner"`
	Setup   json.RawMessage `json:"setup"`
}

// message is what a child says: exactly one field is set.
type message struct {
	// Invoke is a thread of the same session that is to be run.
	Invoke string `json:"invoke,omitempty"`
	// Line is one that has come, and may come again.
	Line  *engine.Line  `json:"line,omitempty"`
	Event *engine.Event `json:"event,omitempty"`
	// Trouble is what went wrong in the outside world.
	Trouble string `json:"trouble,omitempty"`
}

// errParentGone is why a child stops that is not wanted any more.
var errParentGone = errors.New("the parent process has ended, or has asked for the end")

// Ports are those of a child's engine, and in whose name it runs: engine.Config.Owner is the parent's, and Gone has to be set
// if it is there, or threads whose engine has died wait for their leases.
type Ports struct {
	Executor engine.Executor
	Observer engine.Observer
	Owner    string
}

// Child is a child process: it runs the thread that in names, by the engine that open makes, and says on out what the
// parent has to know. Its error has been told to the parent already. It returns when the run has, and that is at once when in ends.
func Child(in io.Reader, out io.Writer, open func(setup json.RawMessage, p Ports) (*engine.Engine, error)) error {
	var job Job
	decoder := json.NewDecoder(in)
	if err := decoder.Decode(&job); err != nil {
		return fmt.Errorf("read what thread to run: %w", err)
	}
	say := &sayer{encoder: json.NewEncoder(out)}
	err := runJob(job, decoder, open, Ports{&asking{say: say}, &telling{say: say}, job.Owner})
	if err != nil && !errors.Is(err, errParentGone) {
		say.say(message{Trouble: err.Error()})
	}
	return err
}

func runJob(job Job, in *json.Decoder, open func(json.RawMessage, Ports) (*engine.Engine, error), ports Ports) error {
	e, err := open(job.Setup, ports)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancelCause(context.Background())
	defer cancel(nil)
	go func() {
		var nothing json.RawMessage
		_ = in.Decode(&nothing) // there is no second message: it returns at the end
		cancel(errParentGone)
	}()
	return e.RunAs(ctx, engine.ID{Session: job.Session, Thread: job.Thread}, job.Token)
}

// sayer writes messages. A parent that does not listen any more has ended.
type sayer struct {
	mu      sync.Mutex
	encoder *json.Encoder
}

func (s *sayer) say(m message) {
	s.mu.Lock()
	defer s.mu.Unlock()
	_ = s.encoder.Encode(m)
}

// asking is a child's executor: other threads run in other processes, which the parent starts.
type asking struct {
	engine.Alone
	say *sayer
}

// Invoke asks the parent.
func (a *asking) Invoke(_ context.Context, e *engine.Engine, id engine.ID) error {
	a.say.say(message{Invoke: id.Thread})
	e.Returned(id, nil)
	return nil
}

// telling is a child's observer. What is committed the parent reads from the record.
type telling struct {
	engine.Quiet
	say *sayer
}

// Provisional tells the parent.
func (t *telling) Provisional(l engine.Line) { t.say.say(message{Line: &l}) }

// Event tells the parent.
func (t *telling) Event(e engine.Event) { t.say.say(message{Event: &e}) }

// child is a child process, seen from the parent.
type child struct {
	id     engine.ID
	in     io.WriteCloser
	closed sync.Once
	// stopped says that its thread has been ended by somebody else. The executor's lock is for it.
	stopped bool
}

// release lets the child end, if it has not.
func (c *child) release() { c.closed.Do(func() { _ = c.in.Close() }) }

// spawn starts a child for a run and hears it out. died says that it has ended without a word of why: it may have left
// anything undone.
func (x *Executor) spawn(id engine.ID, token string) (died bool, err error) {
	last := &tail{}
	cmd := &exec.Cmd{Path: x.Path, Args: x.Args, Env: x.Env, Stderr: last}
	in, err := cmd.StdinPipe()
	if err != nil {
		return false, fmt.Errorf("start a process for %s: %w", id, err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return false, fmt.Errorf("start a process for %s: %w", id, err)
	}
	if err := cmd.Start(); err != nil {
		return false, fmt.Errorf("start a process for %s: %w", id, err)
	}
	if x.Started != nil {
		x.Started(id, cmd.Process.Pid)
	}
	c := &child{id: id, in: in}
	x.add(c)
	defer x.remove(c)
	_ = json.NewEncoder(in).Encode(Job{id.Session, id.Thread, token, x.e.Owner, x.Setup}) // a child that is dead already is seen below
	trouble := x.listen(id, out)
	waitErr := cmd.Wait()
	switch {
	case x.wasStopped(c):
		return false, nil
	case trouble != "":
		return false, fmt.Errorf("run %s: %s", id, trouble)
	case waitErr == nil:
		return false, nil
	case exited(waitErr):
		return false, fmt.Errorf("run %s: its process ended with %w%s", id, waitErr, last.said())
	}
	return true, nil
}

// exited says whether a process has ended by itself: another one would do the same.
func exited(err error) bool {
	var e *exec.ExitError
	return errors.As(err, &e) && e.Exited()
}

func (x *Executor) add(c *child) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.alive[c] = struct{}{}
	if x.closed {
		c.release()
	}
}

// Stop asks the child that has the thread to give it up.
func (x *Executor) Stop(id engine.ID) {
	x.mu.Lock()
	defer x.mu.Unlock()
	for c := range x.alive {
		if c.id == id {
			c.stopped = true
			c.release()
		}
	}
}

func (x *Executor) wasStopped(c *child) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	return c.stopped
}

func (x *Executor) remove(c *child) {
	x.mu.Lock()
	defer x.mu.Unlock()
	delete(x.alive, c)
	c.release()
}

// listen does what a child asks for until it has nothing more to say. The last message of one that was killed may be cut off.
func (x *Executor) listen(id engine.ID, out io.Reader) (trouble string) {
	for decoder := json.NewDecoder(out); ; {
		var m message
		if err := decoder.Decode(&m); err != nil {
			return trouble
		}
		switch {
		case m.Invoke != "":
			// Without that the sweep invokes the thread.
			_ = x.e.Invoke(engine.ID{Session: id.Session, Thread: m.Invoke})
		case m.Line != nil:
			x.Observer.Provisional(*m.Line)
		case m.Event != nil:
			x.Observer.Event(*m.Event)
		case m.Trouble != "":
			trouble = m.Trouble
		}
	}
}

// tail keeps the end of what a child writes to standard error.
type tail struct{ b bytes.Buffer }

const tailSize = 4 << 10

// Write keeps the last bytes.
func (t *tail) Write(p []byte) (int, error) {
	t.b.Write(p)
	if over := t.b.Len() - tailSize; over > 0 {
		t.b.Next(over)
	}
	return len(p), nil
}

func (t *tail) said() string {
	text := strings.TrimSpace(t.b.String())
	if text == "" {
		return ""
	}
	return ": " + text
}
