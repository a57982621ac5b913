package lambda

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/hark-lang/hark-ls/runtime/engine"
)

// byHand is a clock whose timers go off when the test says so, whether they were stopped or not.
type byHand struct {
	engine.SystemClock
	timers []func()
}

func (c *byHand) AfterFunc(_ time.Duration, f func()) func() {
	c.timers = append(c.timers, f)
	return func() {}
}

func TestNothingGoesOffAfterTheInvocation(t *testing.T) {
	inner, fired := &byHand{}, []string{}
	c := newClock(inner)
	arm := func(name string) func() { return c.AfterFunc(time.Hour, func() { fired = append(fired, name) }) }
	arm("in time")
	stopped := arm("stopped")
	arm("left armed")
	inner.timers[0]()
	stopped()
	inner.timers[1]()
	c.settle()
	inner.timers[2]()
	assert.Equal(t, []string{"in time"}, fired)
	assert.Empty(t, c.armed)
}

func TestTheInvocationWaitsForWhatHasGoneOff(t *testing.T) {
	inner := &byHand{}
	c := newClock(inner)
	begun, release, done := make(chan struct{}), make(chan struct{}), false
	c.AfterFunc(time.Hour, func() {
		close(begun)
		<-release
		done = true
	})
	go inner.timers[0]()
	<-begun
	go close(release)
	c.settle()
	assert.True(t, done)
}
