package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/hark-lang/hark-ls/vm"
	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// Calling Python.
//
// The answer of call n of a thread is slot n of its log: it is made only if the slot is not there, and the thread goes on only
// when the slot is. A call is made again after a crash of its worker or of this process; #[at_most_once] puts a mark before
// the call instead, and fails when it finds one. #[retry] marks each failed try that is followed by another, so that a crash
// does not give tries back. A thread that is nothing but one call puts no slot: its end holds the answer.

const (
	// maxCrashes is how many workers may die in one call.
	maxCrashes = 3
	// shortBackoff is the longest wait between two tries in the process.
	shortBackoff = 5 * time.Second
	// maxOutput is how many bytes one attempt may write.
	maxOutput = maxCrossing
)

// Why an attempt was stopped.
var (
	errTimeout = errors.New("the call's time is over")
	errFlood   = errors.New("the call writes too much")
)

// calling is a Python call of a run.
type calling struct {
	r    *run
	spec *bytecode.Import
	call Call
	// alone says that the thread is nothing but this call.
	alone bool
	begun time.Time
	lines []Line // those of the last attempt
	// shown says that other processes may have been shown lines before the answer was there.
	shown bool
}

// attempted is what an attempt came to. Exactly one of the three is set.
type attempted struct {
	encoded []byte
	fault   *vm.Error
	crashed string
	bases   []string
	// final says that no other try may follow.
	final bool
}

func (r *run) foreign(f vm.ForeignCall) error {
	c := r.newCalling(f)
	slot, fault, err := CallSlot(r.code, f)
	if err != nil {
		return err
	}
	if fault != nil {
		r.deliver(vm.Null, fault)
		return nil
	}
	if s, ok := r.recalled(); ok && !c.alone {
		return r.adopt(s, slot)
	}
	if err := r.flush(); err != nil {
		return err
	}
	c.begun = r.e.Clock.Now()
	result, err := c.untilDecided()
	if err != nil {
		return err
	}
	if c.alone {
		return c.deliverAlone(result)
	}
	return c.log(slot, result)
}

func (r *run) newCalling(f vm.ForeignCall) *calling {
	spec := &r.code.Program().Imports[f.Import]
	c := &calling{r: r, spec: spec, alone: IsAlone(r.code, r.start, f)}
	c.call = Call{ID: r.id, Slot: r.slot, Module: spec.Module, Name: spec.Name, Alias: spec.Alias, Args: f.Args, Names: f.Names}
	return c
}

// adopt goes on with an answer that an earlier run has logged.
func (r *run) adopt(stored, mine Slot) error {
	if err := stored.Fits(mine); err != nil {
		return err
	}
	return r.deliverSlot(stored)
}

func (r *run) deliverSlot(s Slot) error {
	v, fault, err := r.e.answer(r.ctx, r.code, r.id.Session, s.Answer)
	if err != nil {
		return err
	}
	r.deliver(v, fault)
	r.advance()
	return nil
}

// log stores the answer, or adopts the stored one, and delivers what is stored.
func (c *calling) log(slot Slot, result attempted) error {
	answer, err := c.answer(result)
	if err != nil {
		return err
	}
	slot.Answer, slot.Attempts, slot.Begun = answer, c.call.Attempt, c.begun
	stored, err := c.r.log(slot, c.lines)
	if err != nil {
		return err
	}
	c.r.e.event(Event{Kind: CallEnded, ID: c.r.id, Function: c.call.Alias, Call: c.call.Slot, Attempt: stored.Attempts, Answer: stored.Answer})
	c.forgetLive()
	return c.r.deliverSlot(stored)
}

func (c *calling) answer(result attempted) (Answer, error) {
	if result.fault != nil {
		return c.r.e.errorAnswer(c.r.ctx, c.r.code, &c.r.head, result.fault)
	}
	data, err := c.r.e.keep(c.r.ctx, &c.r.head, result.encoded)
	return Answer{Value: data}, err
}

// deliverAlone lets the thread end with the answer, whose lines its end will store.
func (c *calling) deliverAlone(result attempted) error {
	r := c.r
	r.pending = append(r.pending, c.lines...)
	r.attempts = c.call.Attempt
	c.forgetLive()
	r.e.event(Event{Kind: CallEnded, ID: r.id, Function: c.call.Alias, Call: c.call.Slot, Attempt: c.call.Attempt})
	if result.fault != nil {
		r.deliver(vm.Null, result.fault)
		return nil
	}
	v, err := vm.DecodeValue(r.code, result.encoded)
	if err != nil {
		return fmt.Errorf("read the answer of %s: %w", c.call.Alias, err)
	}
	r.deliver(v, nil)
	return nil
}

// untilDecided makes attempts until one counts.
func (c *calling) untilDecided() (attempted, error) {
	w := &c.r.wait
	w.begun, w.tries = true, max(w.tries, c.markedTries())
	for {
		if err := c.waitForTry(); err != nil {
			return attempted{}, err
		}
		if err := c.makeRoom(); err != nil {
			return attempted{}, err
		}
		c.call.Attempt = w.tries + w.crashes + 1
		if w.cut {
			c.call.Attempt++
		}
		cutOff, err := c.markBegun()
		if err != nil {
			return attempted{}, err
		}
		if cutOff {
			return attempted{fault: c.crashError("it was cut off, and is not made twice")}, nil
		}
		result, err := c.attempt()
		if err != nil {
			return result, err
		}
		again, err := c.again(&result)
		if err != nil || !again {
			return result, err
		}
		c.r.e.event(Event{Kind: CallRepeated, ID: c.r.id, Function: c.call.Alias, Call: c.call.Slot, Attempt: c.call.Attempt})
	}
}

// again says whether another attempt follows. A crash that is the last one becomes an error.
func (c *calling) again(result *attempted) (bool, error) {
	w := &c.r.wait
	if result.crashed != "" {
		w.crashes++
		w.cut = false
		if !c.spec.Attrs.AtMostOnce && w.crashes < maxCrashes {
			return true, nil
		}
		result.fault = c.crashError(result.crashed)
	}
	if result.fault == nil || result.final || !c.retries(result) {
		return false, nil
	}
	w.tries++
	w.crashes, w.cut = 0, false
	backoff := c.spec.Attrs.RetryBackoff * float64(uint64(1)<<min(w.tries-1, 32))
	w.until = c.r.e.Clock.Now().Add(seconds(backoff))
	mark := Mark{ID: c.r.id, Number: c.call.Slot, Attempt: w.tries, Kind: MarkFailed, Epoch: c.r.head.Epoch, Expires: c.r.head.Expires}
	if _, _, err := c.r.e.Store.PutMark(c.r.ctx, mark); err != nil {
		return false, fmt.Errorf("mark a try of %s: %w", c.call.Alias, err)
	}
	return true, nil
}

// retries says whether the attributes want another try after an error. What the machine itself refused will be refused
// again, and a crash has been repeated already: both are tried again only if they are named.
func (c *calling) retries(result *attempted) bool {
	a := c.spec.Attrs
	if c.r.wait.tries+1 >= int(a.RetryMax) {
		return false
	}
	kind := result.fault.Kind
	if len(a.RetryOn) == 0 {
		return kind != vm.ErrType && kind != vm.ErrLimit && kind != vm.ErrCrash
	}
	return slices.ContainsFunc(a.RetryOn, func(on string) bool { return on == kind || slices.Contains(result.bases, on) })
}

func (c *calling) crashError(how string) *vm.Error {
	return &vm.Error{Kind: vm.ErrCrash, Message: fmt.Sprintf("the call of %s failed: %s", c.call.Alias, how)}
}

// markedTries is how many tries earlier runs have marked as failed.
func (c *calling) markedTries() int {
	tries := 0
	for _, m := range c.r.marked {
		if m.Number == c.call.Slot && m.Kind == MarkFailed {
			tries = max(tries, m.Attempt)
		}
	}
	return tries
}

// markBegun marks a call that must not be made twice; it says whether an earlier run has begun it.
func (c *calling) markBegun() (bool, error) {
	if !c.spec.Attrs.AtMostOnce {
		return false, nil
	}
	mark := Mark{ID: c.r.id, Number: c.call.Slot, Attempt: c.call.Attempt, Kind: MarkBegun, Epoch: c.r.head.Epoch, Expires: c.r.head.Expires}
	_, mine, err := c.r.e.Store.PutMark(c.r.ctx, mark)
	if err != nil {
		return false, fmt.Errorf("mark the call of %s: %w", c.call.Alias, err)
	}
	if mine {
		return false, nil
	}
	// The mark of a later run, which is making the call now, is none of a run that was cut off.
	return true, c.r.stillMine(c.r.ctx)
}

// waitForTry waits until the backoff is over: in the process if that is soon, else parked.
func (c *calling) waitForTry() error {
	r := c.r
	left := r.wait.until.Sub(r.e.Clock.Now())
	if r.wait.until.IsZero() || left <= 0 {
		r.wait.until = time.Time{}
		return nil
	}
	wait := r.rest
	if left > shortBackoff {
		wait = r.parkFor
	}
	if err := wait(left); err != nil {
		return err
	}
	r.wait.until = time.Time{}
	return nil
}

// attempt makes the call once, and watches that the thread stays this run's meanwhile.
func (c *calling) attempt() (attempted, error) {
	ctx, cancel := context.WithCancelCause(c.r.ctx)
	defer cancel(nil)
	timer := &callTimer{c: c, cancel: cancel}
	defer timer.stop()
	live := c.live()
	c.call.Begin, c.call.Output = timer.start, c.output(cancel, live)
	c.lines = nil
	defer func() { c.shown = live.end() || c.shown }()
	defer c.untilTheEnd(cancel)()
	c.r.e.event(Event{Kind: CallBegun, ID: c.r.id, Function: c.call.Alias, Call: c.call.Slot, Attempt: c.call.Attempt})
	var result CallResult
	var err error
	watching, stop := context.WithCancel(ctx)
	c.r.e.Executor.Outside(func() {
		c.r.e.Executor.Together(
			func() { defer stop(); result, err = c.r.e.Foreign.Call(ctx, c.call) },
			func() { c.watch(watching, cancel) })
	})
	c.r.acted = true
	if err != nil {
		return c.stopped(ctx, err)
	}
	return c.encode(result)
}

// stopped is what an attempt came to that did not come to an end.
func (c *calling) stopped(ctx context.Context, err error) (attempted, error) {
	if cause := context.Cause(c.r.ctx); cause != nil {
		return attempted{}, cause
	}
	switch cause := context.Cause(ctx); {
	case errors.Is(cause, errCutOff):
		return c.cutOff()
	case errors.Is(cause, errTimeout):
		limit := strconv.FormatFloat(c.spec.Attrs.TimeoutSeconds, 'g', -1, 64)
		return attempted{fault: &vm.Error{Kind: vm.ErrTimeout, Message: c.call.Alias + " took longer than " + limit + " seconds"}}, nil
	case errors.Is(cause, errFlood):
		return attempted{fault: tooLarge("the output of "+c.call.Alias+" is", maxOutput)}, nil
	case cause != nil:
		return attempted{}, cause
	}
	return attempted{}, fmt.Errorf("call %s: %w", c.call.Alias, err)
}

// encode is an attempt's result as it will be stored.
func (c *calling) encode(result CallResult) (attempted, error) {
	if result.Crashed != "" {
		return attempted{crashed: result.Crashed}, nil
	}
	if result.Raised != nil {
		return attempted{fault: result.Raised, bases: result.Bases}, nil
	}
	b, err := vm.EncodeValue(c.r.code, result.Value)
	if err != nil {
		return attempted{}, fmt.Errorf("store the result of %s: %w", c.call.Alias, err)
	}
	if len(b) > maxCrossing {
		return attempted{fault: tooLarge("the result of "+c.call.Alias+" is", len(b))}, nil
	}
	return attempted{encoded: b}, nil
}

// output shows and collects the attempt's lines.
func (c *calling) output(cancel context.CancelCauseFunc, live *live) func(Stream, string) {
	written := 0
	attempt := c.call.Attempt
	return func(s Stream, text string) {
		l := Line{ID: c.r.id, Stream: s, Text: text, Call: c.call.Slot, Attempt: attempt, Index: len(c.lines)}
		if written += len(text) + 1; written > maxOutput {
			cancel(errFlood)
			return
		}
		c.lines = append(c.lines, l)
		c.r.e.Observer.Provisional(l)
		live.line(l)
	}
}

// watch looks at the head from time to time and stops the call when another run has the thread, or it has ended.
func (c *calling) watch(ctx context.Context, cancel context.CancelCauseFunc) {
	for c.r.e.Clock.Sleep(ctx, watchEvery) == nil {
		// A look that fails for another reason says nothing about the thread.
		if err := c.r.look(ctx); errors.Is(err, errOver) {
			cancel(err)
			return
		}
	}
}

// callTimer stops a call when the time is over that it has from when a worker takes it.
type callTimer struct {
	c      *calling
	cancel context.CancelCauseFunc
	mu     sync.Mutex
	halt   func()
	over   bool
}

func (t *callTimer) start() {
	limit := seconds(t.c.spec.Attrs.TimeoutSeconds)
	t.mu.Lock()
	defer t.mu.Unlock()
	if limit == 0 || t.over || t.halt != nil {
		return
	}
	t.halt = t.c.r.e.Clock.AfterFunc(limit, func() { t.cancel(errTimeout) })
}

func (t *callTimer) stop() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.over = true
	if t.halt != nil {
		t.halt()
	}
}
