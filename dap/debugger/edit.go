package debugger

import (
	"context"
	"errors"
	"fmt"

	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/vm"
)

// Edits of a live program. The engine makes them, since it has to store each before it is made: it asks its Runner for them when that has
// returned with a Break. So a thread that is to be changed leaves its Runner, is changed, and comes back to stand where it stood.

// edit is a change that a thread waits for.
type edit struct {
	engine.Edit
	// handed: the engine has it. came gets what came of it, once.
	handed bool
	came   chan error
}

var editKinds = map[EditKind]vm.EditKind{SetRegister: vm.EditRegister, Jump: vm.EditJump, RestartFrame: vm.EditRestart}

// Edit changes a thread that stands in the present.
func (l *Live) Edit(ctx context.Context, e Edit) error {
	if l.isAway() {
		return errPast
	}
	t, wanted, err := l.beginEdit(ctx, e)
	if err != nil {
		return err
	}
	select {
	case err = <-wanted.came:
	case <-ctx.Done():
		err = ctx.Err()
	case <-l.finished:
		err = errGone
	case <-l.quitting.Done():
		err = errGone
	}
	if err != nil {
		return err
	}
	return l.endEdit(ctx, t, e)
}

// beginEdit gives a thread its change to make.
func (l *Live) beginEdit(ctx context.Context, e Edit) (*thread, *edit, error) {
	stopWaiting := context.AfterFunc(ctx, l.wake)
	defer stopWaiting()
	l.mu.Lock()
	defer l.mu.Unlock()
	t, err := l.standing(ctx, e.Thread)
	if err != nil {
		return nil, nil, err
	}
	if err := l.editable(t); err != nil {
		return nil, nil, err
	}
	made, err := l.madeEdit(t, e)
	if err != nil {
		return nil, nil, err
	}
	t.edit = &edit{Edit: made, came: make(chan error, 1)}
	l.changed.Broadcast()
	return t, t.edit, nil
}

// editable says why a thread cannot be changed.
func (l *Live) editable(t *thread) error {
	switch {
	case t.edit != nil:
		return fmt.Errorf("thread %s is being changed already", t.Name)
	case t.machine != nil && t.machine.Fault() != nil:
		return fmt.Errorf("thread %s was ended from outside: nothing in it can be changed", t.Name)
	case t.Waiting != "" && t.still != nil:
		return fmt.Errorf("thread %s is %s: only a thread that stands between two instructions can be changed, so step over this one first", t.Name, t.Waiting)
	case t.state != stands || t.still != nil || t.machine == nil:
		return fmt.Errorf("thread %s has not come back from what it waited for: let it go on, then change it where it stands", t.Name)
	}
	return nil
}

// madeEdit is a change as the engine makes it.
func (l *Live) madeEdit(t *thread, e Edit) (engine.Edit, error) {
	made := engine.Edit{Kind: editKinds[e.Kind], Frame: e.Frame, Register: e.Register, PC: e.PC}
	switch e.Kind {
	case SetRegister:
		v, err := l.ofProgram(e.Value)
		if err != nil {
			return made, err
		}
		made.Value = v
	case Jump:
		function, _ := t.machine.Place()
		if e.Frame != 0 {
			return made, errors.New("only the innermost function of a thread can go on elsewhere: restart the frame instead")
		}
		if e.PC < 0 || !l.begins(Place{function, e.PC}) {
			return made, errors.New("the execution can go on only where a line of the function begins that it is in")
		}
	}
	if err := t.machine.CanEdit(made); err != nil {
		return made, err
	}
	return made, nil
}

func (l *Live) begins(p Place) bool {
	_, begins, _ := l.program.at(p)
	return begins
}

// errOwnFunction is why a value cannot become one of the program.
var errOwnFunction = errors.New("a function that was written just now cannot become part of the program: name one that it has")

// ofProgram is a value that an expression came to, as one of the program: functions that are the expression's own do not belong there.
func (l *Live) ofProgram(v vm.Value) (vm.Value, error) {
	if v.IsUnset() {
		return v, errors.New("there is no value to assign")
	}
	if b, err := vm.EncodeValue(l.code, v); err == nil {
		v, err := vm.DecodeValue(l.code, b)
		if err != nil {
			return v, errOwnFunction
		}
		return v, nil
	}
	foreign := false
	own := func(count int) func(int) (int, bool) {
		return func(index int) (int, bool) {
			foreign = foreign || index >= count
			return index, index < count
		}
	}
	v = vm.Relink(v, l.code, vm.Links{Func: own(len(l.program.Funcs)), Import: own(len(l.program.Imports))})
	if foreign {
		return vm.Null, errOwnFunction
	}
	return v, nil
}

// endEdit waits until the thread stands again, and tells of a change that has moved it.
func (l *Live) endEdit(ctx context.Context, t *thread, e Edit) error {
	stopWaiting := context.AfterFunc(ctx, l.wake)
	defer stopWaiting()
	l.mu.Lock()
	defer l.mu.Unlock()
	for t.state != stands || t.edited {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if l.closed || l.byID[t.ID] != t {
			return errGone
		}
		l.changed.Wait()
	}
	switch e.Kind {
	case Jump:
		l.stop(t, Stop{Reason: AtGoto})
	case RestartFrame:
		l.stop(t, Stop{Reason: AfterRestart})
	}
	return nil
}

// runner is the side of a Live that the engine sees, whose Edit is another one than a Target's.
type runner struct{ *Live }

var _ engine.Editor = runner{}

// Edit is the change that a thread waits for.
func (r runner) Edit(id engine.ID) (engine.Edit, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	t := r.threads[id.Thread]
	if t == nil || t.edit == nil || t.edit.handed {
		return engine.Edit{}, false
	}
	t.edit.handed = true
	return t.edit.Edit, true
}

// Edited says what came of a change.
func (r runner) Edited(id engine.ID, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	t := r.threads[id.Thread]
	if t == nil || t.edit == nil {
		return
	}
	t.edited = true
	t.edit.came <- err
	t.edit = nil
}
