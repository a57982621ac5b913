package lambda

import (
	"sync"
	"time"

	"github.com/hark-lang/hark-ls/runtime/engine"
)

// clock is a clock whose timers last as long as an invocation. One that was left armed would go off when the process is thawed,
// in the middle of another invocation, minutes or hours late.
type clock struct {
	engine.Clock

	mu    sync.Mutex
	armed map[*alarm]struct{}
	busy  sync.WaitGroup // alarms that go off
}

// alarm is a timer.
type alarm struct{ stop func() }

func newClock(c engine.Clock) *clock { return &clock{Clock: c, armed: map[*alarm]struct{}{}} }

// AfterFunc calls f later, unless the invocation is over by then.
func (c *clock) AfterFunc(d time.Duration, f func()) func() {
	a := &alarm{}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.armed[a] = struct{}{}
	a.stop = c.Clock.AfterFunc(d, func() {
		if c.disarm(a, true) {
			defer c.busy.Done()
			f()
		}
	})
	return func() {
		if c.disarm(a, false) {
			a.stop()
		}
	}
}

// disarm says whether the timer was armed. One that goes off is busy from then on.
func (c *clock) disarm(a *alarm, off bool) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, armed := c.armed[a]
	delete(c.armed, a)
	if armed && off {
		c.busy.Add(1)
	}
	return armed
}

// settle stops all timers, and waits for what those do that have gone off.
func (c *clock) settle() {
	c.mu.Lock()
	for a := range c.armed {
		a.stop()
	}
	clear(c.armed)
	c.mu.Unlock()
	c.busy.Wait()
}
