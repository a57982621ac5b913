package ffi

import (
	"bufio"
	"context"
	"crypto/rand"
	_ "embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/hark-lang/hark-ls/vm"
)

//go:embed worker.py
var workerText string

//go:embed worker_boot.py
var bootText string

const (
	// exitTooOld and exitDamaged are the statuses with which the Python side ends itself.
	exitTooOld  = 85
	exitDamaged = 86
	// lastWords is how long a worker's pipes are read on after its end, if a process that left its group still holds them.
	lastWords = 200 * time.Millisecond
	// dying is how long a worker may take to end once it has closed its pipe, before it is killed.
	dying = time.Second
	// closing is how long a worker may take to end by itself: Python's finalizers run.
	closing = 500 * time.Millisecond
)

// worker is one Python process. One goroutine at a time uses it.
type worker struct {
	process  *os.Process
	requests *os.File
	replies  *os.File
	reader   *bufio.Reader
	out, err *capture
	streams  [2]*os.File // the user's
	limit    int
	calls    uint32

	exited chan struct{}    // closed when the process has been waited for
	state  *os.ProcessState // valid then

	mu     sync.Mutex
	reaped bool // from here on the process's number may be another's
}

// plan is how workers are started.
type plan struct {
	interpreter string
	dir         string
	env         []string
	path        []string // first entries of sys.path
	limit       int
	stray       func(line string)
	starter     *starter
}

// startWorker starts a worker and waits until it can take calls.
func startWorker(ctx context.Context, p plan) (*worker, hello, error) {
	mark := newMark()
	w, err := launch(p, mark)
	if err != nil {
		return nil, hello{}, fmt.Errorf("start Python (%s): %w", p.interpreter, err)
	}
	stop := context.AfterFunc(ctx, w.kill)
	defer stop()
	h, err := w.greet(p, mark)
	if err == nil {
		return w, h, nil
	}
	if stop(); !errors.Is(err, errDamaged) {
		w.await()
	}
	w.kill()
	w.release()
	if ctx.Err() != nil {
		return nil, h, context.Cause(ctx)
	}
	return nil, h, w.startError(p.interpreter, err)
}

// await gives a process whose pipes are closed the moment that it needs to end with its own status.
func (w *worker) await() {
	select {
	case <-w.exited:
	case <-time.After(dying):
	}
}

// newMark is a text that no output contains but by intent.
func newMark() string {
	random := make([]byte, 16)
	_, _ = rand.Read(random) // never fails
	return "\x00hark:" + hex.EncodeToString(random) + ":"
}

// launch starts the process and everything that watches it.
func launch(p plan, mark string) (*worker, error) {
	pipes, err := newPipes()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(p.interpreter, "-c", bootText, strconv.Itoa(len(workerText)))
	cmd.Dir, cmd.Env = p.dir, p.env
	isolate(cmd)
	cmd.Args = append(cmd.Args, inherit(cmd, pipes.requests.read, pipes.replies.write)...)
	cmd.Stdout, cmd.Stderr = pipes.out.write, pipes.err.write
	err = p.starter.start(cmd)
	pipes.closeTheirs()
	if err != nil {
		pipes.closeOurs()
		return nil, err
	}
	w := &worker{
		process: cmd.Process, requests: pipes.requests.write, replies: pipes.replies.read, reader: bufio.NewReaderSize(pipes.replies.read, 64<<10),
		out: newCapture(mark, p.stray), err: newCapture(mark, p.stray), streams: [2]*os.File{pipes.out.read, pipes.err.read},
		limit: p.limit, exited: make(chan struct{}),
	}
	w.err.begin(0, func(string) {}) // what it says before it can take calls is kept, for the message if it cannot
	go w.out.read(pipes.out.read)
	go w.err.read(pipes.err.read)
	go w.watch(cmd, p.starter)
	return w, nil
}

// watch waits for the process's end and lets go of everything.
func (w *worker) watch(cmd *exec.Cmd, s *starter) {
	kept := awaitExit(w.process)
	if !kept {
		_ = cmd.Wait() // what it says is in cmd.ProcessState
	}
	w.mu.Lock()
	killGroup(w.process)
	w.reaped = true
	if kept {
		_ = cmd.Wait()
	}
	w.mu.Unlock()
	s.ended(w.process)
	w.state = cmd.ProcessState
	until := time.Now().Add(lastWords)
	for _, f := range []*os.File{w.replies, w.streams[0], w.streams[1]} {
		_ = f.SetReadDeadline(until)
	}
	close(w.exited)
}

// kill ends the worker and what it has started. It may be called at any time, more than once.
func (w *worker) kill() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.reaped {
		killGroup(w.process)
	}
}

// dead says that no call can be made any more.
func (w *worker) dead() bool {
	select {
	case <-w.exited:
		return true
	default:
		return false
	}
}

// release closes our ends of the pipes, once the worker has ended.
func (w *worker) release() {
	<-w.exited
	for _, c := range []*capture{w.out, w.err} {
		<-c.finished
	}
	_ = w.requests.Close()
	_ = w.replies.Close()
	_ = w.streams[0].Close()
	_ = w.streams[1].Close()
}

// close lets an idle worker end by itself, or kills it if that takes too long.
func (w *worker) close() {
	_ = w.requests.Close()
	timer := time.AfterFunc(closing, w.kill)
	defer timer.Stop()
	w.release()
}

// hello is what a worker says of itself.
type hello struct {
	version     [3]int64
	interpreter string // sys.executable
}

func (w *worker) greet(p plan, mark string) (hello, error) {
	if _, err := io.WriteString(w.requests, workerText); err != nil {
		return hello{}, err
	}
	f, err := readFrame(w.reader, 1<<16)
	if err != nil {
		return hello{}, err
	}
	h, err := readHello(f)
	if err != nil {
		return h, err
	}
	_, err = w.requests.Write(newFrame(frameSetup, 0, encodeSetup(p.limit, mark, p.path)))
	return h, err
}

func readHello(f frame) (hello, error) {
	v, err := decodeValue(f.body, len(f.body))
	if err != nil || f.kind != frameHello || v.Kind() != vm.KindList || v.Len() != 4 {
		return hello{}, damaged("it does not begin with HELLO")
	}
	version, name := v.Index(1), v.Index(2)
	if version.Kind() != vm.KindList || version.Len() != 3 || name.Kind() != vm.KindString {
		return hello{}, damaged("a strange HELLO")
	}
	h := hello{interpreter: name.Text()}
	for i := range h.version {
		h.version[i], _ = version.Index(i).Int64()
	}
	return h, nil
}

// startError explains why an interpreter did not become a worker.
func (w *worker) startError(interpreter string, cause error) error {
	said := strings.Join(w.err.lastLines(), "\n")
	if w.state.ExitCode() == exitTooOld {
		return fmt.Errorf("start Python (%s): %s", interpreter, said)
	}
	switch {
	case errors.Is(cause, errDamaged):
		said = strings.TrimSpace(cause.Error() + "\n" + said)
	case said == "":
		said = "without a word"
	}
	return fmt.Errorf("start Python (%s): it %s: %s", interpreter, describeExit(w.state), said)
}
