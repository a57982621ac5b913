package dap

import (
	"context"
	"slices"
	"sync"
	"time"
)

// job is a message that has come and is not answered yet.
type job struct {
	envelope envelope
	// wrong is what the message cannot be read for.
	wrong  error
	row    row
	known  bool
	ctx    context.Context
	cancel context.CancelFunc
}

// queue has the messages that have come, in their order. The reader puts in, the dispatcher takes out.
type queue struct {
	mu      sync.Mutex
	waiting []*job
	// busy is the request that is being handled.
	busy   *job
	closed bool
	// changed has a token when there is something new.
	changed chan struct{}
}

func newQueue() *queue { return &queue{changed: make(chan struct{}, 1)} }

func (q *queue) wake() {
	select {
	case q.changed <- struct{}{}:
	default:
	}
}

// put adds a message. One that ends things gives up what is at work, and what waits.
func (q *queue) put(j *job) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if j.row.ends {
		q.giveUp(func(other *job) bool { return other.row.long && !other.row.alone })
		time.AfterFunc(patience/2, func() { q.end(j) })
	}
	q.waiting = append(q.waiting, j)
	q.wake()
}

// end makes way for a request that ends things and has not been handled yet: a launch before it is given up, too, and one that does not heed
// that is not waited for any more.
func (q *queue) end(by *job) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if !slices.Contains(q.waiting, by) {
		return
	}
	q.giveUp(func(other *job) bool { return other != by && other.row.long })
	if busy := q.busy; busy != nil {
		time.AfterFunc(patience/2, func() { q.done(busy) })
	}
}

// giveUp cancels the requests that are chosen.
func (q *queue) giveUp(chosen func(j *job) bool) (some bool) {
	for _, j := range append(slices.Clone(q.waiting), q.busy) {
		if j != nil && chosen(j) {
			j.cancel()
			some = true
		}
	}
	return some
}

// cancel gives up the requests with a number that are not answered yet.
func (q *queue) cancel(seq int) (some bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.giveUp(func(j *job) bool { return j.envelope.Seq == seq && j.envelope.Command != "cancel" })
}

// cancelLong gives up the request that is at work, if it may take long.
func (q *queue) cancelLong() {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.busy != nil && q.busy.row.long {
		q.busy.cancel()
	}
}

func (q *queue) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	q.wake()
}

// take is the message that is to be handled now, nil if none is: the first one, and while another is at work only those that need not
// wait for it. over: there will be no more.
func (q *queue) take() (j *job, over bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.busy == nil && len(q.waiting) == 0 {
		return nil, q.closed
	}
	if q.busy == nil {
		j, q.waiting = q.waiting[0], q.waiting[1:]
		if !j.row.urgent {
			q.busy = j
		}
		return j, false
	}
	for i, j := range q.waiting {
		if j.row.urgent && !q.busy.row.alone {
			q.waiting = append(q.waiting[:i:i], q.waiting[i+1:]...)
			return j, false
		}
		if j.row.moves || j.row.alone {
			break // what comes after it is about what it does
		}
	}
	return nil, false
}

// done is the end of a request, which was at work.
func (q *queue) done(j *job) {
	q.mu.Lock()
	defer q.mu.Unlock()
	j.cancel()
	if q.busy == j {
		q.busy = nil
		q.wake()
	}
}
