package cli

import (
	"sync"

	"github.com/hark-lang/hark-ls/dap/debugger"
)

// hearing is told what happens to a target. What the program prints is said at once; the rest waits until the console asks for it.
type hearing struct {
	say func(item)
	// target is the one that is heard; it is there before it begins.
	target *opened

	mu sync.Mutex
	// silent: nothing more is heard. muted: what the program prints is known already; so it is until the first stop of a target that shows
	// what another one has shown.
	silent, muted bool
	queue         []any
	// more has a token when there is something in the queue.
	more chan struct{}
}

var _ debugger.Listener = (*hearing)(nil)

func newHearing(say func(item)) *hearing { return &hearing{say: say, more: make(chan struct{}, 1)} }

func (h *hearing) add(news any) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.silent {
		return
	}
	h.queue = append(h.queue, news)
	select {
	case h.more <- struct{}{}:
	default:
	}
}

// next is the oldest news, nil if there are none.
func (h *hearing) next() any {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.queue) == 0 {
		return nil
	}
	first := h.queue[0]
	h.queue = h.queue[1:]
	return first
}

// silence is for a target that is given up: nothing more is heard of it.
func (h *hearing) silence() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.silent, h.queue = true, nil
}

func (h *hearing) isSilent() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.silent
}

func (h *hearing) unmute() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.muted = false
}

func (h *hearing) isMuted() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.silent || h.muted
}

// Stopped implements debugger.Listener.
func (h *hearing) Stopped(s debugger.Stop) { h.add(s) }

// WentOn implements debugger.Listener.
func (h *hearing) WentOn(int, bool) { h.add(wentOn{}) }

// wentOn is the news that threads go on that nobody asked to.
type wentOn struct{}

// Began implements debugger.Listener.
func (h *hearing) Began(debugger.Thread) {}

// Left implements debugger.Listener.
func (h *hearing) Left(debugger.Thread) {}

// Wrote implements debugger.Listener.
func (h *hearing) Wrote(l debugger.Line) {
	if !h.isMuted() {
		h.say(h.target.line(l))
	}
}

// Logged implements debugger.Listener.
func (h *hearing) Logged(l debugger.Log) {
	if !h.isSilent() {
		h.say(h.target.log(l))
	}
}

// Changed implements debugger.Listener.
func (h *hearing) Changed(debugger.Abilities) {}

// Works implements debugger.Listener.
func (h *hearing) Works(p debugger.Progress) {
	if !h.isSilent() {
		h.say(shownProgress{Type: "progress", Title: p.Title, Message: p.Message, Done: p.Done})
	}
}

// Ended implements debugger.Listener.
func (h *hearing) Ended(e debugger.End) { h.add(e) }
