package engine

import (
	"context"
	"time"
)

// What other processes do with a session that one waits for here shows in the store only. A store that can say whether
// another process has written is asked often, which costs it next to nothing, and read only then; another one is read once
// in a while.

const (
	// askOthers is how often a store is asked that can say whether somebody else has written, readOthers how often another
	// one is read.
	askOthers  = 50 * time.Millisecond
	readOthers = time.Second
	// readOne is for how many threads that are waited for this gets longer: reading them all shall not take long in comparison.
	readOne = 100 * time.Microsecond
)

// others is what is known of what other processes have written.
type others struct {
	look    time.Time // when to look next
	version int64
	known   bool
}

// pause is how long one may wait before one looks again what others have done, while so many threads are waited for.
func (o *others) pause(s Store, threads int) time.Duration {
	pause := readOthers
	if _, ok := s.(Versioned); ok {
		pause = askOthers
	}
	return max(pause, time.Duration(threads)*readOne)
}

// wrote says whether another process may have written since the last time.
func (o *others) wrote(ctx context.Context, s Store) (bool, error) {
	versioned, ok := s.(Versioned)
	if !ok {
		return true, nil
	}
	version, err := versioned.Version(ctx)
	if err != nil {
		return false, err
	}
	changed := !o.known || version != o.version
	o.version, o.known = version, true
	return changed, nil
}
