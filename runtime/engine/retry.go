package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/hark-lang/hark-ls/vm"
	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// A session that failed is run on from where it failed, in a new session: that takes over what the threads of the old one
// came to, and the answers that those got which did not come to an end, except the failure itself. The failure is the call
// whose error ended thread 0, and all threads that ended with that same error on the way there, and what failed without
// anybody's seeing it; what somebody caught and went on from is not tried again.
//
// What is taken over is found out by executing the threads again (rehearse.go) before anything is written. With another
// program an answer that does not fit stops that.

// Difference is what a program does otherwise than the one that a session was run with.
type Difference struct {
	Thread string
	// Slot is the number of the answer in the thread's log, -1 if it is the thread as a whole that differs.
	Slot int
	// Stored is what the records answer, Asked what the program asks for.
	Stored, Asked string
}

// Error names both.
func (d *Difference) Error() string {
	if d.Slot < 0 {
		return fmt.Sprintf("thread %s was %s, and is %s with this program", d.Thread, d.Stored, d.Asked)
	}
	return fmt.Sprintf("answer %d of thread %s was that of %s, and this program asks for %s there", d.Slot, d.Thread, d.Stored, d.Asked)
}

// ErrNothingFailed says that a session has nothing that could be tried again.
var ErrNothingFailed = errors.New("nothing in the session failed")

// ErrNotOver says that a session has not ended.
var ErrNotOver = errors.New("the session has not ended")

// retry is a new session in the making.
type retry struct {
	e       *Engine
	from    string // the old session
	session string
	code    *vm.Code
	// like has what the heads of the new session have in common, other says that its program is not the old one's.
	like  *Head
	other bool
	heads map[string]*Head
	// failures are the threads that are tried again: each ended with the failure, or because of it.
	failures map[string]*vm.Error
	// raised are the threads whose failure was raised in another one that went on, beside those that had failed when a thread was told of
	// the failure of another one in the same List.
	raised, beside map[string]bool
	made           []adopted
}

// adopted is a thread of the new session, with what it takes over.
type adopted struct {
	head  Head
	slots []Slot
}

// Retry makes a new session that takes over what a failed one has come to, with a program that may be another one (nil: its
// own). It returns the new session's ID; Resume lets it run. The error is ErrNotOver, ErrNothingFailed, a *Difference, or of
// the outside world.
func (e *Engine) Retry(ctx context.Context, session string, program *bytecode.Program) (string, error) {
	r := &retry{e: e, from: session, session: e.newSession(), heads: map[string]*Head{}, failures: map[string]*vm.Error{}}
	if err := r.read(ctx, program); err != nil {
		return "", err
	}
	if err := r.plan(ctx); err != nil {
		return "", err
	}
	if err := r.write(ctx); err != nil {
		return "", err // nothing runs of what was written
	}
	return r.session, nil
}

// read reads the old session's heads, loads the program, and finds out what failed.
func (r *retry) read(ctx context.Context, program *bytecode.Program) error {
	err := r.e.walk(ctx, r.from, func(h *Head) error {
		r.heads[h.ID.Thread] = h
		return nil
	})
	if err != nil {
		return err
	}
	root := r.heads[Root]
	switch {
	case root == nil:
		return fmt.Errorf("retry %s: %w", r.from, ErrNotFound)
	case !root.Done:
		return fmt.Errorf("%s: %w", r.from, ErrNotOver)
	}
	hash := root.Program
	if program != nil {
		if r.code, hash, err = r.e.loadProgram(ctx, program); err != nil {
			return err
		}
	} else if r.code, err = r.e.code(ctx, hash); err != nil {
		return err
	}
	r.other = hash != root.Program
	r.like = &Head{Program: hash, Version: r.e.Version}
	if r.e.MaxAge > 0 {
		r.like.Expires = r.e.Clock.Now().Add(r.e.MaxAge + r.e.TTL).Truncate(time.Second)
	}
	return r.findFailures(ctx, root)
}

// findFailures finds the threads that are tried again: those that failed with what thread 0 failed with, those that were
// stopped, and those whose failure nobody saw, so that nothing has followed from it.
func (r *retry) findFailures(ctx context.Context, root *Head) error {
	_, cause, err := r.e.EndOf(ctx, root)
	if err != nil {
		return err
	}
	for thread, h := range r.heads {
		if !h.Done || !h.Answer.Failed {
			continue
		}
		_, fault, err := r.e.EndOf(ctx, h)
		if err != nil {
			return err
		}
		stopped := h.Outside && (fault.Kind == vm.ErrCancelled || fault.Kind == vm.ErrExpired)
		if stopped || !h.Seen || cause != nil && sameError(cause, fault) {
			r.failures[thread] = fault
		}
	}
	if len(r.failures) == 0 {
		return fmt.Errorf("%s: %w", r.from, ErrNothingFailed)
	}
	return nil
}

// sameError says whether an error is the same that was raised once, however far it got.
func sameError(a, b *vm.Error) bool {
	return a.Kind == b.Kind && a.Message == b.Message && a.Function == b.Function && a.Line == b.Line && a.Thread == b.Thread
}

// find is the head of a thread or an outside future of the old session, nil if there is none.
func (r *retry) find(ctx context.Context, thread string) (*Head, error) {
	if h, known := r.heads[thread]; known || !IsOutside(thread) {
		return h, nil
	}
	heads, err := r.e.heads(ctx, r.from, []string{thread})
	if err != nil {
		return nil, err
	}
	r.heads[thread] = heads[0]
	return heads[0], nil
}

// plan notes what each thread takes over. What failed beside a failure is tried again, too, if nothing followed from it; that shows when
// all threads have been executed again, which is done once more then.
func (r *retry) plan(ctx context.Context) error {
	for {
		r.made, r.raised, r.beside = nil, map[string]bool{}, map[string]bool{}
		if err := r.planOnce(ctx); err != nil {
			return err
		}
		more := false
		for thread := range r.beside {
			if r.raised[thread] || r.failures[thread] != nil {
				continue
			}
			_, fault, err := r.e.EndOf(ctx, r.heads[thread])
			if err != nil {
				return err
			}
			r.failures[thread], more = fault, true
		}
		if !more {
			return nil
		}
	}
}

// planOnce executes the threads again, parents before children.
func (r *retry) planOnce(ctx context.Context) error {
	start, err := r.entry(ctx)
	if err != nil {
		return err
	}
	outside := map[string]bool{}
	for todo := []vm.Start{start}; len(todo) > 0; todo = todo[1:] {
		start := todo[0]
		old := r.heads[start.Thread]
		if old == nil {
			continue // it had not been started
		}
		played, err := r.rehearse(ctx, old, start)
		if err != nil {
			return err
		}
		if err := r.adopt(ctx, old, start, played); err != nil {
			return err
		}
		for _, name := range played.outside {
			outside[name] = true
		}
		children, err := r.children(ctx, old, played)
		if err != nil {
			return err
		}
		todo = append(todo, children...)
	}
	names := make([]string, 0, len(outside))
	for name := range outside {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		if err := r.adoptOutside(ctx, name); err != nil {
			return err
		}
	}
	return nil
}

// children are what the threads start with that a thread had started. One that came to its end had started all of them,
// however far it could be executed (what depends on the session's ID is different now).
func (r *retry) children(ctx context.Context, old *Head, played *rehearsal) ([]vm.Start, error) {
	children := played.children
	if !r.isWhole(old) || r.other {
		return children, nil
	}
	for k := len(children); k < old.Spawned; k++ {
		h := r.heads[ChildID(old.ID.Thread, k)]
		if h == nil {
			break
		}
		start, err := r.oldStart(ctx, h)
		if err != nil {
			return nil, err
		}
		start.Session = r.session
		children = append(children, start)
	}
	return children, nil
}

// isWhole says whether what a thread came to is taken over.
func (r *retry) isWhole(old *Head) bool { return old.Done && r.failures[old.ID.Thread] == nil }

// entry is what thread 0 starts with.
func (r *retry) entry(ctx context.Context) (vm.Start, error) {
	old, err := r.oldStart(ctx, r.heads[Root])
	if err != nil {
		return old, err
	}
	start := vm.Start{Session: r.session, Thread: Root, Function: old.Function, Args: old.Args, Names: old.Names}
	if !r.other {
		return start, nil
	}
	function, ok := r.code.Export(old.Function.FunctionName())
	if !ok {
		return start, &Difference{Thread: Root, Slot: -1, Stored: "a call of " + old.Function.FunctionName(), Asked: "nothing: there is no such function"}
	}
	start.Function = function
	return start, nil
}

// oldStart is what a thread of the old session was started with.
func (r *retry) oldStart(ctx context.Context, h *Head) (vm.Start, error) {
	code, err := r.e.code(ctx, h.Program)
	if err != nil {
		return vm.Start{}, err
	}
	entry, err := r.e.load(ctx, r.from, h.Entry)
	if err != nil {
		return vm.Start{}, err
	}
	return DecodeEntry(code, h.ID, entry)
}

// adopt notes what a thread takes over.
func (r *retry) adopt(ctx context.Context, old *Head, start vm.Start, played *rehearsal) error {
	if r.other {
		if err := r.compare(ctx, old, start, played); err != nil {
			return err
		}
	}
	whole := r.isWhole(old)
	entry, err := EncodeEntry(r.code, start)
	if err != nil {
		return err
	}
	head, _, err := r.e.newHead(ctx, r.code, start, entry, r.like)
	if err != nil {
		return err
	}
	head.Parent = old.Parent
	// The first run of the thread was in the old session: the next one reads its log.
	head.Epoch = 1
	if whole {
		if err := r.end(ctx, &head, old); err != nil {
			return err
		}
		if r.other {
			head.Spawned = min(head.Spawned, len(played.children))
		}
	}
	taken := adopted{head: head}
	for n := uint64(0); n < played.taken || whole && n < uint64(len(played.slots)); n++ {
		s, err := r.slot(ctx, &head, played.slots[n])
		if err != nil {
			return err
		}
		taken.slots = append(taken.slots, s)
	}
	r.made = append(r.made, taken)
	return nil
}

// compare says how a thread differs from what it was.
func (r *retry) compare(ctx context.Context, old *Head, start vm.Start, played *rehearsal) error {
	before, err := r.oldStart(ctx, old)
	if err != nil {
		return err
	}
	was, is := describeStart(before), describeStart(start)
	switch {
	case was != is:
		return &Difference{Thread: start.Thread, Slot: -1, Stored: was, Asked: is}
	case played.differs != nil:
		return played.differs
	}
	return nil
}

func describeStart(s vm.Start) string {
	const most = 200
	text := vm.LiteralPrefix(vm.List(s.Args...), most)
	return s.Function.FunctionName() + "(" + text[min(1, len(text)):max(len(text)-1, min(1, len(text)))] + ")"
}

func describeSlot(s Slot) string {
	switch s.Kind {
	case SlotCall:
		return fmt.Sprintf("a call of %s (arguments %.12s)", s.Function, s.Arguments)
	case SlotOutput:
		return "a long output"
	case SlotEdit:
		return "a change by a debugger"
	}
	return s.Function
}

// end makes a head that of a thread that has ended as the old one did.
func (r *retry) end(ctx context.Context, head, old *Head) (err error) {
	head.Done, head.Ended, head.Outside, head.Seen = true, old.Ended, old.Outside, old.Seen
	head.Started, head.Spawned, head.Attempts = old.Started, old.Spawned, old.Attempts
	head.Due, head.Deadline = time.Time{}, time.Time{}
	if head.Answer, err = r.answer(ctx, head, old.Answer); err != nil {
		return err
	}
	head.Output, err = r.data(ctx, head, old.Output)
	return err
}

// slot is one of the old session as the new one has it.
func (r *retry) slot(ctx context.Context, head *Head, s Slot) (Slot, error) {
	s.ID, s.Epoch, s.Expires = head.ID, 1, head.Expires
	var err error
	if s.Answer, err = r.answer(ctx, head, s.Answer); err != nil {
		return s, err
	}
	s.Output, err = r.data(ctx, head, s.Output)
	return s, err
}

func (r *retry) answer(ctx context.Context, head *Head, a Answer) (Answer, error) {
	data, err := r.data(ctx, head, a.Value)
	return Answer{Failed: a.Failed, Value: data}, err
}

// data is what a record of the old session holds or names, for the new one.
func (r *retry) data(ctx context.Context, head *Head, d Data) (Data, error) {
	if d.Digest == "" {
		return d, nil
	}
	b, err := r.e.load(ctx, r.from, d)
	if err != nil {
		return d, err
	}
	return d, r.e.Store.PutBlob(ctx, Blob{Session: head.ID.Session, Digest: d.Digest, Value: b, Expires: head.Expires})
}

// adoptOutside takes over the value of an outside future.
func (r *retry) adoptOutside(ctx context.Context, name string) error {
	old, err := r.find(ctx, name)
	if err != nil || old == nil || !old.Done {
		return err
	}
	head := r.e.outsideHead(ID{r.session, name}, r.like.Program, r.like.Expires)
	head.Done, head.Ended, head.Started = true, old.Ended, old.Started
	head.Answer, err = r.answer(ctx, &head, old.Answer)
	r.made = append(r.made, adopted{head: head})
	return err
}

// write stores the new session: thread 0 last, and of each thread its answers before a run can claim it.
func (r *retry) write(ctx context.Context) error {
	for i := range slices.Backward(r.made) {
		if err := r.writeThread(ctx, &r.made[i]); err != nil {
			return fmt.Errorf("retry %s as %s: %w", r.from, r.session, err)
		}
	}
	return nil
}

func (r *retry) writeThread(ctx context.Context, a *adopted) error {
	head := a.head
	now := r.e.Clock.Now()
	if !head.Done {
		head.Due, head.Lease, head.Token = time.Time{}, now.Add(r.e.Lease), r.e.token()
	}
	if _, err := r.e.Store.Create(ctx, head); err != nil {
		return err
	}
	for _, s := range a.slots {
		if _, _, err := r.e.Store.PutSlot(ctx, s); err != nil {
			return err
		}
	}
	if head.Done {
		return nil
	}
	_, err := r.e.Store.Preempt(ctx, Preempt{ID: head.ID, Epoch: head.Epoch, Due: a.head.Due})
	return err
}
