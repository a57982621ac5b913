package engine

import (
	"context"
	"math"
	"time"
)

// What other processes do with a session that one waits for here shows in the store only. A store that can say whether
// another process has written is asked often, which costs it next to nothing, and read only then. In another one a single
// thread of those that are waited for is looked at once in a while; if that has ended, two, then four, and so on, until one
// has not: so that waiting costs as little for ten thousand threads as for one.

const (
	// askOthers is how often a store is asked that can say whether somebody else has written, readOthers how often another
	// one is read.
	askOthers  = 50 * time.Millisecond
	readOthers = time.Second
	// readOne is for how many threads that are waited for the former gets longer: reading them all shall not take long in
	// comparison.
	readOne = 100 * time.Microsecond
	// sweepOthers is how often the index of a store is read that cannot say whether anything has changed.
	sweepOthers = 5 * time.Second
)

// others is what is known of what other processes have written.
type others struct {
	look    time.Time // when to look next
	version int64
	known   bool
	// sample is how many threads are looked at next, swept when the index was read, and stuck after how many invocations and
	// when it was looked whether the session can go on; all for stores that are not Versioned.
	sample  int
	swept   time.Time
	counted int
	stuck   time.Time
}

// everything is as many threads as there are.
const everything = math.MaxInt

// ask is how many of the threads that are waited for have to be looked at, and whether the index has, too.
func (o *others) ask(ctx context.Context, s Store, threads int, now time.Time) (count int, sweep bool, err error) {
	versioned, ok := s.(Versioned)
	if !ok {
		o.look = now.Add(readOthers)
		if sweep = now.Sub(o.swept) >= sweepOthers; sweep {
			o.swept = now
		}
		return max(1, o.sample), sweep, nil
	}
	o.look = now.Add(max(askOthers, time.Duration(threads)*readOne))
	version, err := versioned.Version(ctx)
	if err != nil {
		return 0, false, err
	}
	changed := !o.known || version != o.version
	o.version, o.known = version, true
	if !changed {
		return 0, false, nil
	}
	return everything, true, nil
}

// learned is told how many of the threads that were looked at have ended.
func (o *others) learned(asked, ended int) {
	o.sample = 1
	if asked > 0 && ended == asked {
		o.sample = 2 * asked
		o.look = time.Time{} // at once
	}
}

// settled says that it need not be looked whether the session can go on: nothing has run here since that was done, and others
// that look too would say so.
func (o *others) settled(s Store, invocations int, now time.Time) bool {
	if _, ok := s.(Versioned); ok {
		return false
	}
	if o.counted == invocations && now.Sub(o.stuck) < firstPoll {
		return true
	}
	o.counted, o.stuck = invocations, now
	return false
}
