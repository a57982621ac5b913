package dap

import (
	"bufio"
	"encoding/json"
	"io"
	"sync"

	"github.com/google/go-dap"

	"github.com/hark-lang/hark-ls/internal/bug"
)

// response is an answer to a request. Body is left out if it is nil.
type response struct {
	dap.Response
	Body any `json:"body,omitempty"`
}

// event is something that the client did not ask for.
type event struct {
	dap.Event
	Body any `json:"body,omitempty"`
}

// message can be numbered.
type message interface{ number(seq int) }

func (r *response) number(seq int) { r.Seq, r.Type = seq, "response" }
func (e *event) number(seq int)    { e.Seq, e.Type = seq, "event" }

// writer writes messages in the order in which they were put into its queue.
type writer struct {
	out *bufio.Writer

	mu      sync.Mutex
	changed *sync.Cond
	queue   []message
	closed  bool // no more are taken
	broken  bool // the client is gone: what is sent is thrown away
	done    chan struct{}
}

// manyQueued is how many messages may wait before output of the program does.
const manyQueued = 1000

func newWriter(out io.Writer) *writer {
	w := &writer{out: bufio.NewWriter(out), done: make(chan struct{})}
	w.changed = sync.NewCond(&w.mu)
	go w.run()
	return w
}

// send puts a message into the queue.
func (w *writer) send(m message) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.put(m)
}

// sendSlowly waits until the client has taken most of what was sent before.
func (w *writer) sendSlowly(m message) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for len(w.queue) >= manyQueued && !w.closed && !w.broken {
		w.changed.Wait()
	}
	w.put(m)
}

func (w *writer) put(m message) {
	if w.closed || w.broken {
		return
	}
	w.queue = append(w.queue, m)
	w.changed.Broadcast()
}

// close lets what is in the queue be written; done is closed after that.
func (w *writer) close() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.closed = true
	w.changed.Broadcast()
}

func (w *writer) run() {
	defer close(w.done)
	for seq := 1; ; {
		batch, more := w.take()
		for _, m := range batch {
			m.number(seq)
			seq++
			if err := w.write(m); err != nil {
				w.breakOff()
				return
			}
		}
		if !more {
			return
		}
	}
}

// take waits for messages; more is false if there will be no others.
func (w *writer) take() (batch []message, more bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for len(w.queue) == 0 && !w.closed {
		w.changed.Wait()
	}
	batch, w.queue = w.queue, nil
	w.changed.Broadcast()
	return batch, !w.closed
}

// write writes header and content at once.
func (w *writer) write(m message) error {
	content, err := json.Marshal(m)
	if err != nil {
		bug.Report("write a message of the debug adapter: %v", err)
		return nil
	}
	if err := dap.WriteBaseMessage(w.out, content); err != nil {
		return err
	}
	return w.out.Flush()
}

func (w *writer) breakOff() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.broken, w.queue = true, nil
	w.changed.Broadcast()
}
