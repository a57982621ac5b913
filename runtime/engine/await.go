package engine

import (
	"fmt"
	"slices"
	"time"

	"github.com/hark-lang/hark-ls/vm"
)

// Waiting for futures.
//
// For one future: register, which holds the value if it has ended; else park, and read its head when woken.
//
// For all of several: no counter. The thread parks at the last one; each time it is woken it looks for another one that is
// open, at random, and parks at that. However the ends are ordered, that is about ln n wakes: half of those open at one wake
// have ended at the next. "The first open one" and "the last open one" degrade to n wakes for some order. What was found to have
// ended is remembered, and read once more at the end, for the values: that makes fewer than 3n reads.
//
// For the first of several: register with all, park once, and put which one it was into a slot.
//
// A wait with a timeout puts into a slot which it was, even if the future has ended at once: another run could see the
// future open and the time over.

func (r *run) await(a vm.Awaiting) error {
	if !r.wait.begun {
		r.wait = waiting{begun: true}
		if a.Timeout >= 0 {
			r.wait.until = r.e.Clock.Now().Add(seconds(a.Timeout))
		}
	}
	if s, ok := r.recalled(); ok && s.Kind == SlotTimeout && a.Timeout >= 0 {
		return r.actOnTimeout(a, s)
	}
	if a.Mode == vm.AwaitFirst {
		return r.awaitFirst(a)
	}
	return r.awaitAll(a)
}

// awaitAll waits until all futures have ended.
func (r *run) awaitAll(a vm.Awaiting) error {
	threads := distinct(a.Futures)
	if r.wait.ended == nil {
		r.wait.ended = make([]bool, len(threads))
	}
	at := len(threads) - 1 // the last one; after it, a random one that is open
	for {
		if r.woken || at < 0 || r.wait.ended[at] {
			r.woken = false
			var err error
			if at, err = r.findOpen(threads); err != nil {
				return err
			}
			if at < 0 {
				return r.allEnded(threads, a)
			}
			if r.isOver() {
				return r.logTimeout(a, true)
			}
		}
		if err := r.awaitOpen(threads, at); err != nil {
			return err
		}
	}
}

// awaitOpen registers with a future and parks, unless it has ended or the time is over.
func (r *run) awaitOpen(threads []string, at int) error {
	r.number++
	head, err := r.register(threads[at])
	if err != nil {
		return err
	}
	if head != nil {
		r.foundEnded(threads, at, head)
		return nil
	}
	if r.isOver() {
		r.woken = true
		return nil
	}
	return r.park(threads[at:at+1], r.wait.until)
}

func (r *run) isOver() bool {
	return !r.wait.until.IsZero() && !r.e.Clock.Now().Before(r.wait.until)
}

func (r *run) foundEnded(threads []string, i int, head *Head) {
	r.wait.ended[i] = true
	if r.found == nil {
		r.found = map[string]*Head{}
	}
	r.found[threads[i]] = head
}

// findOpen finds one of the futures that has not ended, each with the same probability, or -1. It reads one after the other, and
// more at once the longer it finds none: half as many as it has found to have ended, so that of those it reads in vain,
// because they are open too, there are few.
func (r *run) findOpen(threads []string) (int, error) {
	var unknown []int
	for i, ended := range r.wait.ended {
		if !ended {
			unknown = append(unknown, i)
		}
	}
	for found := 0; len(unknown) > 0; {
		ask := r.draw(unknown, max(1, found/2))
		open, err := r.readSome(threads, ask)
		if open >= 0 || err != nil {
			return open, err
		}
		unknown, found = unknown[len(ask):], found+len(ask)
	}
	return -1, nil
}

// draw moves n random elements to the front.
func (r *run) draw(indices []int, n int) []int {
	n = min(n, len(indices))
	for i := range n {
		j := i + int(r.e.Random.Uint64()%uint64(len(indices)-i))
		indices[i], indices[j] = indices[j], indices[i]
	}
	return indices[:n]
}

// readSome reads futures and remembers those that have ended. It returns the first that has not, or -1.
func (r *run) readSome(threads []string, indices []int) (open int, err error) {
	ask := make([]string, len(indices))
	for k, i := range indices {
		ask[k] = threads[i]
	}
	heads, err := r.e.heads(r.ctx, r.id.Session, ask)
	if err != nil {
		return -1, err
	}
	open = -1
	for k, head := range heads {
		switch {
		case head != nil && head.Done:
			r.foundEnded(threads, indices[k], head)
		case open < 0:
			open = indices[k]
		}
	}
	return open, nil
}

// allEnded delivers, after it has put into a slot that the wait did not time out.
func (r *run) allEnded(threads []string, a vm.Awaiting) error {
	if a.Timeout >= 0 {
		return r.logTimeout(a, false)
	}
	return r.deliverEnded(threads, a)
}

// deliverEnded delivers futures that have all ended, reading the heads that only an earlier run has seen.
func (r *run) deliverEnded(threads []string, a vm.Awaiting) error {
	heads, err := r.allHeads(threads, a.Futures)
	if err != nil {
		return err
	}
	if err := r.see(r.ctx, heads...); err != nil {
		return err
	}
	if err := TellEnded(r.m, r.loader(), heads); err != nil {
		return err
	}
	r.answered()
	return nil
}

func (r *run) allHeads(threads, futures []string) ([]*Head, error) {
	var ask []string
	for _, thread := range threads {
		if r.found[thread] == nil {
			ask = append(ask, thread)
		}
	}
	read, err := r.e.heads(r.ctx, r.id.Session, ask)
	if err != nil {
		return nil, err
	}
	byThread := make(map[string]*Head, len(threads))
	for _, h := range read {
		byThread[h.ID.Thread] = h
	}
	heads := make([]*Head, len(futures))
	for i, thread := range futures {
		if heads[i] = r.found[thread]; heads[i] == nil {
			heads[i] = byThread[thread]
		}
		if heads[i] == nil || !heads[i].Done {
			return nil, fmt.Errorf("%s awaits %s, whose end is gone: %w", r.id, thread, ErrNotFound)
		}
	}
	return heads, nil
}

// distinct is the list without repetitions, in order.
func distinct(threads []string) []string {
	seen := make(map[string]struct{}, len(threads))
	unique := make([]string, 0, len(threads))
	for _, thread := range threads {
		if _, known := seen[thread]; !known {
			seen[thread] = struct{}{}
			unique = append(unique, thread)
		}
	}
	return unique
}

// logTimeout puts whether the wait timed out into a slot, and acts on what is stored there.
func (r *run) logTimeout(a vm.Awaiting, timedOut bool) error {
	answer, err := r.value(vm.Bool(timedOut))
	if err != nil {
		return err
	}
	stored, err := r.log(Slot{Kind: SlotTimeout, Function: "with_timeout", Answer: answer, Begun: r.begun}, nil)
	if err != nil {
		return err
	}
	return r.actOnTimeout(a, stored)
}

// actOnTimeout raises the timeout if the slot says so. Else the futures have ended, whatever was read before, and are
// awaited without a limit.
func (r *run) actOnTimeout(a vm.Awaiting, stored Slot) error {
	timedOut, err := TimedOut(r.code, r.loader(), stored)
	if err != nil {
		return err
	}
	if timedOut {
		r.deliver(vm.Null, TimeoutError(a))
	} else if err := r.deliverEnded(distinct(a.Futures), a); err != nil {
		return err
	}
	r.advance()
	return nil
}

// awaitFirst waits until any of the futures has ended.
func (r *run) awaitFirst(a vm.Awaiting) error {
	if s, ok := r.recalled(); ok && s.Kind == SlotFirst {
		return r.deliverFirst(a, s)
	}
	threads := distinct(a.Futures)
	for {
		heads, err := r.e.heads(r.ctx, r.id.Session, threads)
		if err != nil {
			return err
		}
		if first := earliestEnded(heads); first >= 0 {
			return r.logFirst(a, threads[first])
		}
		r.number++
		ended, err := r.registerWithAll(threads)
		if err != nil {
			return err
		}
		if ended {
			continue
		}
		if err := r.park(threads, time.Time{}); err != nil {
			return err
		}
	}
}

// registerWithAll registers with each future; it stops at one that has ended.
func (r *run) registerWithAll(threads []string) (ended bool, err error) {
	for _, thread := range threads {
		head, err := r.register(thread)
		if head != nil || err != nil {
			return head != nil, err
		}
	}
	return false, nil
}

// earliestEnded is the index of the head that ended first, the lowest of several, or -1.
func earliestEnded(heads []*Head) int {
	first := -1
	for i, h := range heads {
		if h != nil && h.Done && (first < 0 || h.Ended.Before(heads[first].Ended)) {
			first = i
		}
	}
	return first
}

func (r *run) logFirst(a vm.Awaiting, thread string) error {
	answer, err := r.value(vm.Int(int64(slices.Index(a.Futures, thread))))
	if err != nil {
		return err
	}
	stored, err := r.log(Slot{Kind: SlotFirst, Function: "first_of", Answer: answer, Begun: r.begun}, nil)
	if err != nil {
		return err
	}
	return r.deliverFirst(a, stored)
}

func (r *run) deliverFirst(a vm.Awaiting, stored Slot) error {
	index, err := WhichFirst(r.code, r.loader(), a, stored)
	if err != nil {
		return err
	}
	head, err := r.e.head(r.ctx, ID{r.id.Session, a.Futures[index]})
	if err != nil {
		return err
	}
	if err := r.see(r.ctx, head); err != nil {
		return err
	}
	if err := TellFirst(r.m, r.loader(), index, head); err != nil {
		return err
	}
	r.answered()
	r.advance()
	return nil
}
