package sim

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/hark-lang/hark-ls/runtime/engine"
)

// The engine's ports, owned by the world, but for the store (store.go).

// clock is the world's time.
type clock struct{ w *world }

func (c clock) Now() time.Time { return c.w.now }

func (c clock) Sleep(ctx context.Context, d time.Duration) error { return c.w.sleep(ctx, d) }

// AfterFunc calls f in a task of its own, which belongs to the run that asked for it.
func (c clock) AfterFunc(d time.Duration, f func()) func() {
	var run *liveRun
	name := "timer"
	if t := c.w.current; t != nil {
		run, name = t.run, t.other()
	}
	return c.w.after(d, func() { c.w.start(name, run, f) })
}

// executor lets runs happen as tasks, each in one of several engines; some twice, some late, some never.
type executor struct {
	w       *world
	m       *monitor
	engines []*engine.Engine
	fuel    time.Duration // how long a portion takes
	term    time.Duration // after which a run has to give up, 0 for none
}

// perInstruction is how long an instruction takes: so that a thread that computes for ever sees its time come.
const perInstruction = 10 * time.Nanosecond

func (x *executor) Invoke(ctx context.Context, _ *engine.Engine, id engine.ID) error {
	w := x.w
	w.invoked[id]++
	switch w.fault(delivery, place{id.Thread, w.invoked[id]}) {
	case 0:
		x.run(ctx, id)
	case 2:
		x.run(ctx, id)
		w.invoked[id]++
		x.run(ctx, id)
	case 3:
		w.awaited++
		w.after(late, func() {
			w.awaited--
			x.run(ctx, id)
		})
	}
	return nil
}

func (x *executor) run(ctx context.Context, id engine.ID) {
	n := x.w.invoked[id]
	run := &liveRun{id: id}
	x.w.start(id.Thread+"/"+strconv.Itoa(n), run, func() {
		defer func() {
			if p := recover(); p != nil {
				x.m.fails(doesNotPanic, "%.600v", p)
			}
		}()
		// What a run could not do because a request failed, the sweep lets another run do.
		_ = x.engines[n%len(x.engines)].RunUntil(ctx, id, x.ends(run))
		x.m.returned(run)
	})
}

// notice is how long a process goes on after its run had to give up.
const notice = 5 * time.Second

// ends ends the run's process when its time is over.
func (x *executor) ends(run *liveRun) engine.Term {
	if x.term == 0 {
		return engine.Term{}
	}
	x.w.after(x.term+notice, func() { run.dead = true })
	end := x.w.now.Add(x.term)
	return engine.Term{End: end, Dead: end.Add(notice)}
}

func (x *executor) Outside(wait func()) {
	x.w.pointUnlessCoarse()
	wait()
	x.w.pointUnlessCoarse()
}

func (x *executor) Yield() { x.w.yield(x.fuel) }

func (x *executor) Together(jobs ...func()) { x.w.together(jobs) }

// foreign makes Python calls points too.
type foreign struct {
	w     *world
	m     *monitor
	inner engine.Foreign
}

func (f foreign) Call(ctx context.Context, c engine.Call) (result engine.CallResult, err error) {
	if f.inner == nil {
		return result, errors.New("the simulation has no Python functions")
	}
	f.w.point()
	f.w.note(f.w.who(), "call "+c.Module+"."+c.Name)
	f.m.calls(&c)
	if python, ok := f.inner.(Python); ok {
		result, err = python.call(ctx, f.w, c)
	} else {
		result, err = f.w.callOutside(ctx, f.inner, c)
	}
	f.w.pointUnlessCoarse()
	if err == nil && result.Raised == nil && result.Crashed == "" {
		f.m.answered(&c)
	}
	return result, err
}

// observer sees what is committed on its way to the session's.
type observer struct {
	engine.Observer
	m *monitor
}

func (o observer) Committed(l engine.Line) {
	o.m.committed(l)
	o.Observer.Committed(l)
}
