package dap

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"strconv"
	"sync"

	"github.com/google/go-dap"
)

// A client that is asked to start another debugger (startDebugging) may start one of the type of the one that asks: ours again, which
// is then to attach with "connect", where debugpy listens. Such a session is passed on: what the client says goes to the other
// adapter as it is, and back. Only initialize, which was answered before anybody knew, is said for the client; what the other adapter
// can do is told by an event.

// passage leads to another adapter.
type passage struct {
	mu   sync.Mutex
	conn net.Conn // nil while nothing is passed on
	// hello is the client's initialize request, and helloSeq its number.
	hello    []byte
	helloSeq int
	// ended: the other adapter has said that its session has.
	ended bool
}

// place is where another adapter listens, nil for none.
type place struct {
	Host string `json:"host"`
	Port int    `json:"port"`
}

// passedOn is a message of the other adapter. Its number is its own.
type passedOn struct{ json.RawMessage }

func (*passedOn) number(int) {}

// pass takes a message to the other adapter, if there is one.
func (p *passage) pass(content []byte) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.conn == nil {
		return false
	}
	if dap.WriteBaseMessage(p.conn, content) != nil {
		p.close()
		return false
	}
	return true
}

func (p *passage) close() {
	if p.conn != nil {
		_ = p.conn.Close()
		p.conn = nil
	}
}

func (p *passage) remember(e *envelope, content []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.hello == nil {
		p.hello, p.helloSeq = content, e.Seq
	}
}

// passOn begins to pass a session on, if a message asks for that. The other adapter answers the message.
func (s *session) passOn(j *job) (passed bool, err error) {
	if j.envelope.Command != "attach" || !s.initialized || s.kind != nil {
		return false, nil
	}
	var arguments struct {
		Connect *place `json:"connect"`
	}
	if decodeArguments(j.envelope.Arguments, &arguments) != nil || arguments.Connect == nil {
		return false, nil
	}
	at := arguments.Connect
	if at.Host == "" {
		at.Host = "127.0.0.1"
	}
	address := net.JoinHostPort(at.Host, strconv.Itoa(at.Port))
	var dialer net.Dialer
	conn, err := dialer.DialContext(j.ctx, "tcp", address)
	if err != nil {
		return false, fmt.Errorf("no debugger listens at %s: %w", address, err)
	}
	request, err := json.Marshal(&j.envelope)
	if err != nil {
		_ = conn.Close()
		return false, err
	}
	p := &s.passage
	p.mu.Lock()
	defer p.mu.Unlock()
	p.conn = conn
	go s.bring(bufio.NewReader(conn), request)
	context.AfterFunc(s.life, func() { _ = conn.Close() })
	return true, dap.WriteBaseMessage(conn, p.hello)
}

// bring takes the messages of the other adapter to the client. The attach request follows the answer to initialize.
func (s *session) bring(in *bufio.Reader, attach []byte) {
	p := &s.passage
	for {
		content, err := dap.ReadBaseMessage(in)
		if err != nil {
			break
		}
		var m struct {
			Type       string          `json:"type"`
			RequestSeq int             `json:"request_seq"`
			Command    string          `json:"command"`
			Event      string          `json:"event"`
			Body       json.RawMessage `json:"body"`
		}
		if json.Unmarshal(content, &m) != nil {
			break
		}
		if m.Type == "response" && m.Command == "initialize" && m.RequestSeq == p.helloSeq && attach != nil {
			s.event("capabilities", map[string]any{"capabilities": instead(m.Body)})
			p.pass(attach)
			attach = nil
			continue
		}
		p.ended = p.ended || m.Event == "terminated"
		s.out.sendSlowly(&passedOn{bytes.Clone(content)})
	}
	p.mu.Lock()
	p.close()
	p.mu.Unlock()
	if !p.ended {
		s.event("terminated", dap.TerminatedEventBody{})
	}
}

// instead is what the other adapter can do, for a client that was told what ours can: what is missing there is said, too.
func instead(theirs json.RawMessage) map[string]any {
	all := map[string]any{}
	ours, err := json.Marshal(&everywhere)
	if err == nil && json.Unmarshal(ours, &all) == nil {
		for name, value := range all {
			if value == true {
				all[name] = false
			}
		}
	}
	_ = json.Unmarshal(theirs, &all)
	return all
}
