package lsp

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"

	"go.lsp.dev/protocol"
)

// Progress that a person can watch, and stop: under a token that the client has given with its request, or one of ours.

// progressParams are those of $/progress, whatever the token and the value are.
type progressParams struct {
	Token json.RawMessage `json:"token"`
	Value json.RawMessage `json:"value"`
}

func (c *conn) progress(token json.RawMessage, value any) {
	raw, err := protocol.Marshal(value)
	if err != nil {
		return
	}
	params, err := json.Marshal(progressParams{token, raw})
	if err != nil {
		return
	}
	c.notify("$/progress", protocol.LSPAny(params))
}

// partial sends a part of a result.
func (c *conn) partial(token json.RawMessage, value any) { c.progress(token, value) }

// work is something that takes time, as the client shows it. Its methods may be called whether the client shows anything or not.
type work struct {
	conn   *conn
	server *server
	token  json.RawMessage
	mu     sync.Mutex
	// shown: the client knows the token. Until then the last report is kept.
	shown, ended bool
	begin        protocol.WorkDoneProgressBegin
	last         string
}

// working begins to show work to a client. token is the client's, nil to ask it for one if it shows such; stop is what the person can stop
// the work by, nil if it cannot be stopped.
func (s *server) working(ctx context.Context, client *clientCapabilities, token json.RawMessage, title string, stop func()) *work {
	w := &work{conn: s.conn, server: s, token: token, begin: protocol.WorkDoneProgressBegin{Kind: "begin", Title: title}}
	own := len(token) == 0
	if own && !client.Window.WorkDoneProgress {
		w.ended = true
		return w
	}
	if own {
		w.token = fmt.Appendf(nil, `"hark-ls-%d"`, s.tokens.Add(1))
	}
	if stop != nil {
		w.begin.Cancellable = new(true)
		s.cancellable.Store(string(w.token), stop)
	}
	if !own {
		w.show()
		return w
	}
	answer := s.call(ctx, "window/workDoneProgress/create", protocol.LSPAny(fmt.Appendf(nil, `{"token":%s}`, w.token)))
	go func() {
		if m := <-answer; m != nil && m.err == nil {
			w.show()
		}
	}()
	return w
}

func (w *work) show() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.shown = true
	w.conn.progress(w.token, &w.begin)
	if w.last != "" {
		w.conn.progress(w.token, &protocol.WorkDoneProgressReport{Kind: "report", Message: new(w.last)})
	}
	if w.ended {
		w.conn.progress(w.token, &protocol.WorkDoneProgressEnd{Kind: "end"})
	}
}

// report says how far the work has come.
func (w *work) report(message string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.last = message; w.shown && !w.ended {
		w.conn.progress(w.token, &protocol.WorkDoneProgressReport{Kind: "report", Message: new(message)})
	}
}

// end says that the work is done.
func (w *work) end() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.shown && !w.ended {
		w.conn.progress(w.token, &protocol.WorkDoneProgressEnd{Kind: "end"})
	}
	w.ended = true
	w.server.cancellable.Delete(string(w.token))
}

// workDoneCancel stops the request whose progress the person has stopped.
func (s *server) workDoneCancel(raw json.RawMessage) error {
	var p struct {
		Token json.RawMessage `json:"token"`
	}
	if err := decode(raw, &p); err != nil {
		return err
	}
	if stop, ok := s.cancellable.LoadAndDelete(string(p.Token)); ok {
		stop.(func())()
	}
	return nil
}
