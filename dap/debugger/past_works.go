package debugger

import (
	"fmt"
	"sync"
	"time"

	"github.com/hark-lang/hark-ls/runtime/replay"
)

// works tells of what takes long.
type works struct {
	tell func(Progress)

	mu    sync.Mutex
	last  int // ID
	now   Progress
	timer *time.Timer
	shown bool
}

// long is how long something takes before it is told of, and between two words about it.
const long = 500 * time.Millisecond

// begin is the beginning of something that may take long. Done is its end.
func (w *works) begin(title string) (done func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.last++
	id := w.last
	w.now, w.shown = Progress{ID: id, Title: title}, false
	w.timer = time.AfterFunc(long, func() { w.say(id) })
	return func() { w.end(id) }
}

func (w *works) say(id int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.now.ID != id {
		return
	}
	w.shown = true
	w.tell(w.now)
	w.timer.Reset(long)
}

func (w *works) end(id int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.now.ID != id {
		return
	}
	w.timer.Stop()
	if w.shown {
		w.now.Done = true
		w.tell(w.now)
	}
	w.now = Progress{}
}

// reading is told how far a thread was read.
func (w *works) reading(i replay.Instant) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now.Message = fmt.Sprintf("thread %s, instruction %d", i.Thread, i.At)
}
