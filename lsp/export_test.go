package lsp

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"go.lsp.dev/protocol"
)

// Methods that only tests call: one that takes as long as it may, and one that breaks.

func init() {
	answer("test/wait", func(r *request, _ *documentParams) (any, error) {
		<-r.ctx.Done()
		return nil, r.ctx.Err()
	}, nil).unbounded = true
	answer("test/panic", func(*request, *struct{}) (any, error) { panic("on purpose") }, nil)
	answer("test/fail", func(*request, *struct{}) (any, error) { return nil, errors.New("it cannot be done") }, nil)
	answer("test/text", func(r *request, _ *documentParams) (any, error) {
		if analysed := r.snapshot.Text(r.doc.path); r.doc.hark && analysed != r.doc.text() {
			return nil, fmt.Errorf("what is analysed is another text: %q, not %q", analysed, r.doc.text())
		}
		return protocol.String(r.doc.text()), nil
	}, nil)
}

// MethodNames are the requests that are served, those of tests left out.
func MethodNames() []string {
	var names []string
	for name := range methods {
		if name != "initialize" && name != "shutdown" && !strings.HasPrefix(name, "test/") {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// NotificationNames are the notifications that the server reacts to.
func NotificationNames() []string { return slices.Sorted(maps.Keys(notifications)) }

// Kind says what a frame is: "request", "notification", "answer", or "broken".
func Kind(frame []byte) string {
	m, broken := decodeMessage(frame)
	switch {
	case broken != nil:
		return "broken"
	case m.method == "":
		return "answer"
	case m.isRequest():
		return "request"
	}
	return "notification"
}

// TakeAtMost bounds how many files a project may have until restore is called.
func TakeAtMost(files int) (restore func()) {
	before := maxFiles
	maxFiles = files
	return func() { maxFiles = before }
}
