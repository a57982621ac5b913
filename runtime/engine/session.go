package engine

import (
	"context"
	"fmt"
	"time"

	"github.com/hark-lang/hark-ls/vm"
	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// Session is what one starts.
type Session struct {
	Program *bytecode.Program
	// Function is the entry's name, one of the program's Exports.
	Function string
	Args     []vm.Value
	// ID is the session's if it has to be the same each time it is started (an event that is delivered twice); "" for a
	// new one.
	ID string
}

// Start starts a session and returns its ID; it does not wait. An error of type *vm.Error is the caller's: there is no such
// function, or the arguments do not fit it.
func (e *Engine) Start(ctx context.Context, s Session) (string, error) {
	code, hash, err := e.loadProgram(ctx, s.Program)
	if err != nil {
		return "", err
	}
	function, ok := code.Export(s.Function)
	if !ok {
		return "", &vm.Error{Kind: vm.ErrName, Message: fmt.Sprintf("there is no function %s to start with", s.Function)}
	}
	if fault := checkEntry(code, function, s.Args); fault != nil {
		return "", fault
	}
	if s.ID == "" {
		s.ID = e.newSession()
	}
	like := &Head{Program: hash, Version: e.Version}
	if e.MaxAge > 0 {
		like.Expires = e.Clock.Now().Add(e.MaxAge + e.TTL).Truncate(time.Second)
	}
	start := vm.Start{Session: s.ID, Thread: Root, Function: function, Args: s.Args}
	entry, err := EncodeEntry(code, start)
	if err != nil {
		return "", fmt.Errorf("start %s: %w", s.Function, err)
	}
	head, fault, err := e.newHead(ctx, code, start, entry, like)
	if err != nil {
		return "", err
	}
	if fault != nil {
		return "", fault
	}
	return s.ID, e.create(ctx, head)
}

// Resolve gives a future that is resolved from outside its session a value. It says whether this was the first one.
func (e *Engine) Resolve(ctx context.Context, session, name string, v vm.Value) (bool, error) {
	root, err := e.head(ctx, ID{session, Root})
	if err != nil {
		return false, err
	}
	code, err := e.code(ctx, root.Program)
	if err != nil {
		return false, err
	}
	b, err := vm.EncodeValue(code, v)
	if err != nil {
		return false, fmt.Errorf("resolve %s: %w", name, err)
	}
	if len(b) > maxCrossing {
		return false, tooLarge("the value is", len(b))
	}
	data, err := e.keepInHead(ctx, root, b)
	if err != nil {
		return false, err
	}
	head := e.outsideHead(ID{session, OutsideFuture(name)}, root.Program, root.Expires)
	head.Done, head.Answer, head.Ended = true, Answer{Value: data}, head.Started
	first, err := e.Store.Create(ctx, head)
	if err != nil || first {
		return first, err
	}
	return e.conclude(ctx, Finish{ID: head.ID, Answer: head.Answer, Ended: head.Ended, Outside: true}, nil)
}

// Resume lets every thread of a session run that can: after a crash, or when the engine that ran them was closed. A thread
// whose lease is still running is left to the sweep, unless the process that has it is known to have ended.
func (e *Engine) Resume(ctx context.Context, session string) error {
	now := e.Clock.Now()
	return e.walk(ctx, session, func(h *Head) error {
		if !e.claimable(h, now) {
			return nil
		}
		return e.invokeThread(ctx, h)
	})
}
