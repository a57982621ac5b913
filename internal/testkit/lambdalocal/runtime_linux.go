package lambdalocal

import (
	"fmt"
	"io"
	"net/http"
	"strconv"
	"syscall"
	"time"
)

// maxAnswer is how large a response may be.
const maxAnswer = 6 << 20

// serveNext ends the invocation before, and answers when there is another one. Meanwhile the environment is frozen.
func (e *environment) serveNext(w http.ResponseWriter, r *http.Request) {
	e.l.mu.Lock()
	if e.given && e.current != nil {
		o := outcome{kind: "error", detail: "Runtime.NoResponse"}
		if e.answer != nil {
			o = *e.answer
		}
		e.l.conclude(e, o)
	}
	next := make(chan *delivery, 1)
	e.next = next
	if e.current != nil {
		e.give()
	} else {
		e.deadline = stopped(e.deadline)
		signalAll(e.stream, e.first, syscall.SIGSTOP)
		e.l.note("freeze", nil, e, "")
		e.l.dispatch()
	}
	e.l.mu.Unlock()
	select {
	case d := <-next:
		e.writeEvent(w, d)
	case <-r.Context().Done():
	}
}

func (e *environment) writeEvent(w http.ResponseWriter, d *delivery) {
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Lambda-Runtime-Aws-Request-Id", d.id())
	h.Set("Lambda-Runtime-Deadline-Ms", strconv.FormatInt(time.Now().Add(e.f.Timeout).UnixMilli(), 10))
	h.Set("Lambda-Runtime-Invoked-Function-Arn", fmt.Sprintf("arn:aws:lambda:us-east-1:000000000000:function:%s:%s", e.f.Name, e.f.Version))
	h.Set("Lambda-Runtime-Trace-Id", d.trace())
	_, _ = w.Write(d.payload)
}

// serveAnswer takes what an invocation came to. It ends with the next request for an event.
func (e *environment) serveAnswer(w http.ResponseWriter, r *http.Request, kind string) {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxAnswer+1))
	e.l.mu.Lock()
	defer e.l.mu.Unlock()
	switch {
	case err != nil:
		w.WriteHeader(http.StatusBadRequest)
	case e.current == nil || e.current.id() != r.PathValue("id"):
		w.WriteHeader(http.StatusForbidden)
	case len(body) > maxAnswer:
		e.answer = &outcome{kind: "error", detail: "Function.ResponseSizeTooLarge"}
		w.WriteHeader(http.StatusRequestEntityTooLarge)
	default:
		e.answer = &outcome{kind: kind, body: body}
		if kind != "" {
			e.answer.detail = string(body)
		}
		if e.l.percent(e.l.faults.Break) {
			e.l.conclude(e, *e.answer)
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		w.WriteHeader(http.StatusAccepted)
	}
}

// serveInitError takes why a process cannot begin; it will end.
func (e *environment) serveInitError(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(io.LimitReader(r.Body, maxAnswer))
	e.l.mu.Lock()
	defer e.l.mu.Unlock()
	w.WriteHeader(http.StatusAccepted)
	if e.current != nil && !e.given {
		e.l.conclude(e, outcome{kind: "error", detail: string(body)})
	}
}
