package debugger

import (
	"context"
	"errors"
	"sync"
)

// journey is a goroutine that moves a past, at most one at a time. While it is under way the past belongs to it.
type journey struct {
	works works

	mu sync.Mutex
	// cancel ends the motion that is under way, done is closed when it has ended; nil if there is none.
	cancel context.CancelFunc
	done   chan struct{}
	// paused: the motion is to stop where it is. closed: nothing is told any more.
	paused, closed bool
}

// errMoving: a motion is under way.
var errMoving = errors.New("the session is being executed again; pause it first")

// begin lets something move, on a goroutine. When that has ended, arrive is called, which has to end the journey before it tells anybody.
func (j *journey) begin(title string, move func(ctx context.Context) (Stop, error), arrive func(s Stop, err error)) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.cancel != nil || j.closed {
		return errMoving
	}
	ctx, cancel := context.WithCancel(context.Background())
	j.cancel, j.done, j.paused = cancel, make(chan struct{}), false
	worked := j.works.begin(title)
	go func(done chan struct{}) {
		defer close(done)
		defer cancel()
		stop, err := move(ctx)
		worked()
		arrive(stop, err)
	}(j.done)
	return nil
}

// end is the end of the motion: others may look at the past again. It is false if nobody is to be told.
func (j *journey) end() bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.cancel = nil
	return !j.closed
}

// under says whether a motion is under way.
func (j *journey) under() bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.cancel != nil
}

// pause ends the motion where it has come to; false if there is none.
func (j *journey) pause() bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.cancel == nil {
		return false
	}
	j.paused = true
	j.cancel()
	return true
}

// interrupted is the stop of a motion that ended with an error: because of a pause, or because it could not go on.
func (j *journey) interrupted(err error) Stop {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.paused {
		return Stop{Reason: OnPause}
	}
	return Stop{Reason: OnPause, Text: err.Error()}
}

// silent says whether nothing is told any more.
func (j *journey) silent() bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.closed
}

// close ends the motion, and waits for its end.
func (j *journey) close() {
	j.mu.Lock()
	j.closed = true
	cancel, done := j.cancel, j.done
	j.mu.Unlock()
	if cancel != nil {
		cancel()
		<-done
	}
}
