package debugger

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
)

// TestTheClockStands: while the program stands no time passes for it, and no alarm rings.
func TestTheClockStands(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClock()
		began := c.Now()
		var rung atomic.Bool
		c.AfterFunc(10*time.Second, func() { rung.Store(true) })
		pass := func(d time.Duration) {
			<-time.After(d)
			synctest.Wait()
		}
		pass(4 * time.Second)
		c.stand()
		c.stand()
		pass(time.Hour)
		assert.False(t, rung.Load())
		assert.Equal(t, 4*time.Second, c.Now().Sub(began))
		stop := c.AfterFunc(time.Second, func() { t.Error("an alarm that was taken away rings") })
		c.goOn()
		stop()
		pass(5 * time.Second)
		assert.False(t, rung.Load())
		pass(2 * time.Second)
		assert.True(t, rung.Load())
		assert.Equal(t, 11*time.Second, c.Now().Sub(began))
	})
}

// TestSleepOfAStandingClock ends early only with its context.
func TestSleepOfAStandingClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClock()
		c.stand()
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		assert.ErrorIs(t, c.Sleep(ctx, time.Second), context.DeadlineExceeded)
		c.goOn()
		assert.NoError(t, c.Sleep(t.Context(), time.Second))
	})
}
