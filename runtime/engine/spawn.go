package engine

import (
	"bytes"
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/hark-lang/hark-ls/vm"
)

// spawn starts a thread. Its head is put with those of others, but before anything that shows: the future has its number
// already, and nobody can know that number before. Only the thread's own children can be among those that are not put
// yet, and their futures occur as their numbers in what another child is started with.
func (r *run) spawn(s vm.Spawned) error {
	// The machine stands behind the spawn already: whatever fails from here on, the child must not be forgotten.
	r.newborn = &vm.Start{Session: r.id.Session, Thread: s.Thread, Function: s.Function, Args: s.Args, Names: s.Names, Trace: s.Trace}
	if err := r.bear(r.ctx); err != nil {
		return err
	}
	if len(r.spawns) < r.e.Store.Limits().Pipeline {
		return nil
	}
	return r.flush()
}

// bear makes the head of the thread that was started last.
func (r *run) bear(ctx context.Context) error {
	if r.newborn == nil {
		return nil
	}
	entry, err := EncodeEntry(r.code, *r.newborn)
	if err != nil {
		return fmt.Errorf("start %s: %w", r.newborn.Thread, err)
	}
	// A thread must not run before those exist that it knows of.
	if len(r.spawns) > 0 && bytes.Contains(entry, []byte(r.id.Thread+".")) {
		if err := r.putSpawns(ctx); err != nil {
			return err
		}
	}
	child, fault, err := r.e.newHead(ctx, r.code, *r.newborn, entry, &r.head)
	if err != nil {
		return err
	}
	child.Parent = r.id.Thread
	r.newborn = nil
	r.children++
	r.spawns = append(r.spawns, child)
	if fault != nil {
		r.m.Raise(fault)
	}
	return nil
}

// newHead is the head of a thread that is about to start. What belongs to the session it has from like. The fault is that
// of arguments that are too large to cross: the head then is that of a thread that has failed without having run, so that
// the thread's number is taken.
func (e *Engine) newHead(ctx context.Context, code *vm.Code, start vm.Start, entry []byte, like *Head) (Head, *vm.Error, error) {
	now := e.Clock.Now()
	head := Head{
		ID: ID{start.Session, start.Thread}, Function: start.Function.FunctionName(), Program: like.Program, Version: like.Version,
		Started: now, Expires: like.Expires, Due: now.Add(firstPoll),
	}
	if limit := threadTimeout(code, start.Function); limit > 0 {
		head.Deadline = now.Add(limit)
		head.Due = earliest(head.Due, head.Deadline)
	}
	var err error
	if fault := TooLargeToStart(start, entry); fault != nil {
		head, err = e.stillborn(ctx, code, head, *fault)
		return head, fault, err
	}
	head.Entry, err = e.keepInHead(ctx, &head, entry)
	return head, nil, err
}

// stillborn is a thread that has failed without having run. Its failure is raised where it was to be started.
func (e *Engine) stillborn(ctx context.Context, code *vm.Code, head Head, fault vm.Error) (Head, error) {
	fault.Function, fault.Thread = head.Function, head.ID.Thread
	var err error
	head.Answer, err = e.errorAnswer(ctx, code, &head, &fault)
	head.Done, head.Seen, head.Ended, head.Due, head.Deadline = true, true, head.Started, time.Time{}, time.Time{}
	return head, err
}

func earliest(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// threadTimeout is what #[timeout] gives a thread that starts with the function. That of an import is for its call.
func threadTimeout(code *vm.Code, f vm.Value) time.Duration {
	index, ok := f.FunctionIndex()
	if !ok {
		return 0
	}
	return seconds(code.Program().Funcs[index].Attrs.TimeoutSeconds)
}

// atEntry makes fault one of the thread as a whole: it names what the thread started with, and where it was started.
func atEntry(fault *vm.Error, s *vm.Start) *vm.Error {
	entry := s.EntryFrame()
	fault.Function, fault.Line, fault.Thread = entry.Function, entry.Line, entry.Thread
	fault.Traceback = s.Trace
	if entry.File != "" {
		fault.Traceback = append([]vm.TraceFrame{entry}, s.Trace...)
	}
	return fault
}

// flush puts the heads of the threads that were started.
func (r *run) flush() error { return r.flushWith(r.ctx) }

func (r *run) flushWith(ctx context.Context) error {
	if err := r.bear(ctx); err != nil {
		return err
	}
	return r.putSpawns(ctx)
}

func (r *run) putSpawns(ctx context.Context) error {
	if len(r.spawns) == 0 {
		return nil
	}
	if r.e.Clock.Now().Sub(r.looked) >= watchEvery {
		// Nobody will look for the children of a thread that was cancelled long ago (see cancel.go).
		if err := r.stillMine(ctx); err != nil {
			return err
		}
	}
	heads := r.spawns
	if err := r.e.together(len(heads), func(i int) error { return r.e.create(ctx, heads[i]) }); err != nil {
		return err
	}
	r.spawns = r.spawns[:0]
	return nil
}

// create puts a head and invokes its thread, also if it is there already: who put it may have died before the invocation.
func (e *Engine) create(ctx context.Context, head Head) error {
	put, err := e.Store.Create(ctx, head)
	if err != nil {
		return fmt.Errorf("start %s: %w", head.ID, err)
	}
	if put {
		e.event(Event{Kind: ThreadSpawned, ID: head.ID, Function: head.Function})
	}
	if head.Done {
		return nil
	}
	e.hub.due(head.Deadline)
	return e.invokeThread(ctx, &head)
}

// together does n requests, as many at a time as the store gains by, and returns one of their errors.
func (e *Engine) together(n int, request func(i int) error) error {
	width := e.Store.Limits().Pipeline
	if width <= 1 || n == 1 {
		for i := range n {
			if err := request(i); err != nil {
				return err
			}
		}
		return nil
	}
	var mu sync.Mutex
	var first error
	for from := 0; from < n && first == nil; from += width {
		jobs := make([]func(), 0, width)
		for i := from; i < min(n, from+width); i++ {
			jobs = append(jobs, func() {
				if err := request(i); err != nil {
					mu.Lock()
					defer mu.Unlock()
					first = err
				}
			})
		}
		e.Executor.Together(jobs...)
	}
	return first
}
