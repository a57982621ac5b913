package dap

import (
	"cmp"
	"encoding/json"
	"errors"
	"sync"

	"github.com/google/go-dap"

	"github.com/hark-lang/hark-ls/dap/debugger"
)

// Requests of the adapter to the client: to start a debugger for something that the program has started.

// outgoing is a request to the client.
type outgoing struct {
	dap.Request
	Arguments any `json:"arguments,omitempty"`
	// numbered is told the number that the writer gives it.
	numbered func(seq int)
}

func (o *outgoing) number(seq int) {
	o.Seq, o.Type = seq, "request"
	o.numbered(seq)
}

// asked are the requests to the client that it has not answered.
type asked struct {
	mu      sync.Mutex
	pending map[int]func(success bool, message string)
}

var _ debugger.Starter = (*listener)(nil)

// StartDebugging implements debugger.Starter.
func (l *listener) StartDebugging(configuration map[string]any, then func(err error)) {
	if !l.s.client.StartsOtherSession {
		then(errors.New("the editor cannot start another debugger (supportsStartDebuggingRequest)"))
		return
	}
	arguments := map[string]any{"request": "attach", "configuration": configuration}
	l.s.ask("startDebugging", arguments, func(success bool, message string) {
		if success {
			then(nil)
			return
		}
		then(errors.New(cmp.Or(message, "the editor did not start another debugger")))
	})
}

// ask sends the client a request. then is called with the answer, if there ever is one.
func (s *session) ask(command string, arguments any, then func(success bool, message string)) {
	o := &outgoing{Arguments: arguments}
	o.Command = command
	o.numbered = func(seq int) { s.asked.add(seq, then) }
	s.out.send(o)
}

func (a *asked) add(seq int, then func(bool, string)) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.pending == nil {
		a.pending = map[int]func(bool, string){}
	}
	a.pending[seq] = then
}

// answered takes a message if it is the client's answer to a request.
func (a *asked) answered(content []byte) bool {
	var r struct {
		Type       string `json:"type"`
		RequestSeq int    `json:"request_seq"`
		Success    bool   `json:"success"`
		Message    string `json:"message"`
	}
	if json.Unmarshal(content, &r) != nil || r.Type != "response" {
		return false
	}
	a.mu.Lock()
	then, known := a.pending[r.RequestSeq]
	delete(a.pending, r.RequestSeq)
	a.mu.Unlock()
	if known {
		then(r.Success, r.Message)
	}
	return known
}
