package engine

import (
	"slices"
	"sync"
	"time"
)

// hub tells those who wait in this process that something has changed. It only saves them from polling.
type hub struct {
	mu     sync.Mutex
	idle   *sync.Cond
	active int // runs invoked that have not returned
	count  int // of all invocations
	// trouble is what went wrong in the outside world, by session.
	trouble map[string]error
	// next is when the sweep has to look next, as far as is known here; zero, and so at once, if it has not looked yet.
	next    time.Time
	waiters map[*waiter]struct{}
}

// waiter wants to know when one of its threads has ended, when nothing runs any more, and when the sweep is due earlier.
type waiter struct {
	session string
	threads map[string]struct{}
	ended   []string // of threads, since they were taken
	changed chan struct{}
	others  others
}

func (w *waiter) signal() {
	select {
	case w.changed <- struct{}{}:
	default:
	}
}

func (h *hub) init() {
	h.idle = sync.NewCond(&h.mu)
	h.waiters, h.trouble = map[*waiter]struct{}{}, map[string]error{}
}

func (h *hub) invoked() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.active++
	h.count++
}

// returned is told of the end of an invocation, and of what went wrong in the outside world.
func (h *hub) returned(session string, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.active--
	if err != nil && h.trouble[session] == nil {
		h.trouble[session] = err
	}
	if h.active > 0 && err == nil {
		return
	}
	h.idle.Broadcast()
	h.signalAll()
}

func (h *hub) signalAll() {
	for w := range h.waiters {
		w.signal()
	}
}

func (h *hub) finished(id ID) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for w := range h.waiters {
		if _, ok := w.threads[id.Thread]; ok && w.session == id.Session {
			w.ended = append(w.ended, id.Thread)
			w.signal()
		}
	}
}

// due says that the sweep has something to do at a time.
func (h *hub) due(at time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if at.IsZero() || !at.Before(h.next) {
		return
	}
	h.next = at
	h.signalAll()
}

// swept says when the sweep has to look next, unless it hears of something earlier.
func (h *hub) swept(next time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.next = next
}

func (h *hub) waitIdle() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for h.active > 0 {
		h.idle.Wait()
	}
}

// state is whether nothing runs, and after how many invocations.
func (h *hub) state() (idle bool, count int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.active <= 0, h.count
}

// takeTrouble is what has gone wrong with a session; it is told once.
func (h *hub) takeTrouble(session string) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	err := h.trouble[session]
	delete(h.trouble, session)
	return err
}

func (h *hub) nextSweep() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.next
}

// sessions are those that somebody here waits for, each once.
func (h *hub) sessions() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	var all []string
	for w := range h.waiters {
		if !slices.Contains(all, w.session) {
			all = append(all, w.session)
		}
	}
	slices.Sort(all)
	return all
}

func (h *hub) add(w *waiter) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.waiters[w] = struct{}{}
}

func (h *hub) remove(w *waiter) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.waiters, w)
}

// watch adds threads that a waiter wants to hear of.
func (h *hub) watch(w *waiter, threads []string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, thread := range threads {
		w.threads[thread] = struct{}{}
	}
}

// take returns the watched threads that have ended since the last time, and so many others of those that are watched.
func (h *hub) take(w *waiter, others int) []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	taken := w.ended
	w.ended = nil
	if others == everything {
		taken = make([]string, 0, len(w.threads))
	}
	for thread := range w.threads {
		if others == 0 {
			break
		}
		taken = append(taken, thread) // one that has ended may come twice
		others--
	}
	return taken
}

// drop forgets a thread that has ended. It says whether that is news: an end may be told of twice.
func (h *hub) drop(w *waiter, thread string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	_, news := w.threads[thread]
	delete(w.threads, thread)
	return news
}
