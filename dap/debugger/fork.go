package debugger

import (
	"context"
	"fmt"

	"github.com/hark-lang/hark-ls/runtime/fork"
	"github.com/hark-lang/hark-ls/runtime/replay"
	"github.com/hark-lang/hark-ls/vm"
)

// A fork: a saved session that goes on for real from an instant. It is a Live whose session is there already: its threads stand where what was
// recorded of them ends.

// NewFork makes a new session in the world's store that goes on from an instant of another one, which is only read. What begins is a live
// program: it stops at that instant, or at the earliest of that thread that is new if an answer before it is changed. Entry says how to
// run it; its Function and Args are those of the session.
func NewFork(ctx context.Context, from *replay.Session, o fork.Options, e Entry, world World, listener Listener) (*Live, error) {
	code, err := from.Code(ctx)
	if err != nil {
		return nil, fmt.Errorf("fork session %s: %w", from.ID(), err)
	}
	e.Function = from.Root().Head().Function
	l, err := NewLive(NewProgram(code.Program()), e, world, listener)
	if err != nil {
		return nil, err
	}
	o.MaxAge, o.TTL = l.engine.MaxAge, l.engine.TTL
	made, err := fork.Make(ctx, from, world.Store, o)
	if err != nil {
		return nil, err
	}
	l.fork = made
	return l, nil
}

// beginFork lets the threads of a fork stand where they are, and says so.
func (l *Live) beginFork(ctx context.Context) error {
	records, err := replay.Open(ctx, l.world.Store, l.fork.Session)
	if err != nil {
		return fmt.Errorf("begin the fork: %w", err)
	}
	threads, _, err := records.Threads(ctx)
	if err != nil {
		return fmt.Errorf("begin the fork: %w", err)
	}
	origins := make([][]vm.TraceFrame, len(threads))
	for i, t := range threads {
		if start, err := t.Entry(ctx); err == nil {
			origins[i] = start.Trace
		}
	}
	l.mu.Lock()
	l.session, l.begun = l.fork.Session, true
	if !l.entry.Free {
		l.halt()
	}
	for i, t := range threads {
		l.rejoin(t, origins[i])
	}
	l.mu.Unlock()
	l.retell(ctx, records)
	running, cancel := context.WithCancel(context.WithoutCancel(ctx))
	if err := l.engine.Resume(running, l.fork.Session); err != nil {
		cancel()
		return fmt.Errorf("begin the fork: %w", err)
	}
	l.mu.Lock()
	l.cancel = cancel
	if !l.entry.Free {
		l.stopFork()
	}
	l.mu.Unlock()
	go l.wait(running, l.fork.Session)
	return nil
}

// rejoin meets a thread that there was already.
func (l *Live) rejoin(of *replay.Thread, origin []vm.TraceFrame) {
	head := of.Head()
	if head.Done {
		l.met++
		l.ended.add(Thread{ID: l.met, Name: of.ID(), Function: head.Function, Ended: true, Failed: head.Answer.Failed})
		return
	}
	t := l.meet(of.ID(), head.Function)
	t.resumed, t.origin = true, origin
}

// retell tells the lines that were written before the fork.
func (l *Live) retell(ctx context.Context, records *replay.Session) {
	lines, _, err := records.Lines(ctx)
	if err != nil {
		return // they are in the store
	}
	for i := range lines {
		if at, known := l.fork.Recorded[lines[i].ID.Thread]; known && (lines[i].Instant.At < at || l.fork.Whole[lines[i].ID.Thread]) {
			l.listener.Wrote(l.program.line(&lines[i]))
		}
	}
}

// stopFork says where the fork stands: at its instant, or, if that is the end of a thread, in another one.
func (l *Live) stopFork() {
	s := Stop{Reason: AtGoto, Instant: l.fork.Stop}
	if l.entry.Stop {
		s.Reason = AtEntry
	}
	t := l.threads[l.fork.Stop.Thread]
	if t == nil {
		if t = l.any(); t == nil {
			l.hold = false // all of it has ended
			l.clock.goOn()
			return
		}
		s.Instant = replay.Instant{Thread: t.Name, At: l.fork.Recorded[t.Name]}
		s.Text = "thread " + l.fork.Stop.Thread + " has ended"
	}
	l.stop(t, s)
}
