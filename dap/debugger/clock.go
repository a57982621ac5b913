package debugger

import (
	"context"
	"sync"
	"time"

	"github.com/hark-lang/hark-ls/runtime/engine"
)

// clock is the time of a program that is debugged: it stands still while the program does, so that no timeout passes while
// somebody thinks.
type clock struct {
	mu sync.Mutex
	// held: the program stands. frozen counts who else wants the clock to stand.
	held   bool
	frozen int
	// stood is how long the clock has stood still in all; since is when it began to stand, zero while it goes.
	stood time.Duration
	since time.Time
	// alarms wait for their time.
	alarms map[*alarm]struct{}
}

// alarm calls ring at a time of the clock.
type alarm struct {
	at    time.Time
	ring  func()
	timer *time.Timer
}

var _ engine.Clock = (*clock)(nil)

func newClock() *clock { return &clock{alarms: map[*alarm]struct{}{}} }

// Now is the time without the times at which the clock stood.
func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now()
}

func (c *clock) now() time.Time {
	if !c.since.IsZero() {
		return c.since.Add(-c.stood)
	}
	return time.Now().Add(-c.stood)
}

// stand stops the clock while the program stands.
func (c *clock) stand() { c.change(func() { c.held = true }) }

// goOn lets the clock go again, unless somebody else wants it to stand.
func (c *clock) goOn() { c.change(func() { c.held = false }) }

// freeze stops the clock until thaw, whatever the program does.
func (c *clock) freeze() { c.change(func() { c.frozen++ }) }

// thaw is the end of a freeze.
func (c *clock) thaw() { c.change(func() { c.frozen-- }) }

func (c *clock) change(what func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	what()
	stands := c.held || c.frozen > 0
	switch {
	case stands && c.since.IsZero():
		c.since = time.Now()
		for a := range c.alarms {
			a.timer.Stop()
		}
	case !stands && !c.since.IsZero():
		c.stood += time.Since(c.since)
		c.since = time.Time{}
		for a := range c.alarms {
			c.wind(a)
		}
	}
}

// wind sets the timer of an alarm.
func (c *clock) wind(a *alarm) {
	a.timer = time.AfterFunc(a.at.Sub(c.now()), func() { c.ring(a) })
}

// ring is the time of an alarm, unless the clock was stopped at the last moment.
func (c *clock) ring(a *alarm) {
	c.mu.Lock()
	_, set := c.alarms[a]
	if !set || !c.since.IsZero() {
		c.mu.Unlock()
		return
	}
	delete(c.alarms, a)
	c.mu.Unlock()
	a.ring()
}

// AfterFunc calls f, on a goroutine of its own, when d has passed on the clock.
func (c *clock) AfterFunc(d time.Duration, f func()) (stop func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	a := &alarm{at: c.now().Add(d), ring: f}
	c.alarms[a] = struct{}{}
	c.wind(a)
	if !c.since.IsZero() {
		a.timer.Stop()
	}
	return func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.alarms, a)
		a.timer.Stop()
	}
}

// Sleep waits until d has passed on the clock.
func (c *clock) Sleep(ctx context.Context, d time.Duration) error {
	passed := make(chan struct{})
	stop := c.AfterFunc(d, func() { close(passed) })
	defer stop()
	select {
	case <-passed:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
