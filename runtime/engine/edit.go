package engine

import (
	"errors"
	"fmt"

	"github.com/hark-lang/hark-ls/vm"
)

// Edits: changes of a thread by a debugger. They follow from nothing that a thread was told, so that each is an answer of its own: a slot of
// the thread's log that holds the change and the instant at which it is made, stored before it is. Whoever executes the thread again
// makes the same change at the same instant.
//
// A thread does not ask for an edit. A run that does not know of one passes its instant, and so may a run that was left over from
// before: an edit is safe only while the run that makes it is the only one, which it makes sure of just before. A run that finds that it has
// passed one begins again from the entry.

// Edit is a change of a machine (vm.Machine.Edit).
type Edit = vm.Edit

// Editor is a Runner that changes machines.
type Editor interface {
	Runner
	// Edit is asked for after Run has returned vm.Break, and again after each edit until there is none; then the machine runs on.
	Edit(id ID) (e Edit, ok bool)
	// Edited tells what came of the edit handed out last: nil if it is stored and made, else why not. Nothing has changed then.
	Edited(id ID, err error)
}

// What an edit is refused for.
var (
	errEditedTooLate = errors.New("another process has run the thread on meanwhile: it is not to be changed here")
	errEditedCall    = errors.New("a Python call that must not be made twice has begun here: nothing can be changed before it ends")
)

// editName is the Function of the slots of edits.
const editName = "edit"

// EncodeEdit is an edit as its slot's answer holds it, with the instant at which it is made.
func EncodeEdit(code *vm.Code, at uint64, e Edit) ([]byte, error) {
	value := []byte(nil)
	if e.Kind == vm.EditRegister {
		var err error
		if value, err = vm.EncodeValue(code, e.Value); err != nil {
			return nil, fmt.Errorf("store an edit: %w", err)
		}
	}
	w := newWriter()
	w.uint(at)
	w.uint(uint64(e.Kind))
	w.uint(uint64(e.Frame))
	w.uint(uint64(e.Register))
	w.uint(uint64(e.PC))
	w.bytes(value)
	return w.b, nil
}

// DecodeEdit reads what EncodeEdit wrote.
func DecodeEdit(code *vm.Code, b []byte) (at uint64, e Edit, err error) {
	r := newReader(b)
	at = r.uint()
	e = Edit{Kind: vm.EditKind(r.uint()), Frame: int(r.uint()), Register: int(r.uint()), PC: int(r.uint())}
	value := r.bytes()
	if err = r.end(); err == nil && e.Kind == vm.EditRegister {
		e.Value, err = vm.DecodeValue(code, value)
	}
	if err != nil {
		return 0, Edit{}, fmt.Errorf("read an edit: %w", err)
	}
	return at, e, nil
}

// ReadEdit is the edit in a slot of kind SlotEdit, and the number of instructions that the thread has executed before it.
func ReadEdit(code *vm.Code, load Loader, s Slot) (at uint64, e Edit, err error) {
	b, err := load(s.Answer.Value)
	if err != nil {
		return 0, Edit{}, err
	}
	return DecodeEdit(code, b)
}

// edits makes the changes that the Runner wants.
func (r *run) edits() error {
	editor, ok := r.e.Runner.(Editor)
	for ok {
		e, more := editor.Edit(r.id)
		if !more {
			return nil
		}
		refused, err := r.edit(e)
		editor.Edited(r.id, errors.Join(refused, err))
		if err != nil {
			return err
		}
	}
	return nil
}

// edit stores a change and makes it. Refused says why it is not made, err what is wrong with the outside world.
func (r *run) edit(e Edit) (refused, err error) {
	if err := r.m.CanEdit(e); err != nil {
		return err, nil
	}
	for _, m := range r.marked {
		if m.Number == r.slot && m.Kind == MarkBegun {
			return errEditedCall, nil
		}
	}
	b, err := EncodeEdit(r.code, r.m.Steps(), e)
	if err != nil {
		return err, nil
	}
	if len(b) > maxCrossing {
		return tooLarge("the value is", len(b)), nil
	}
	if err := r.flush(); err != nil {
		return nil, err
	}
	if err := r.look(r.ctx); err != nil {
		return nil, err
	}
	data, err := r.e.keep(r.ctx, &r.head, b)
	if err != nil {
		return nil, err
	}
	now := r.e.Clock.Now()
	stored, err := r.log(Slot{Kind: SlotEdit, Function: editName, Answer: Answer{Value: data}, Begun: now}, nil)
	if err != nil {
		return nil, err
	}
	if stored.Kind != SlotEdit || stored.Epoch != r.head.Epoch {
		return errEditedTooLate, nil
	}
	return nil, r.makeEdit(stored)
}

// makeEdit makes a change whose instant has come. It is made of the stored value, as every later execution makes it.
func (r *run) makeEdit(s Slot) error {
	_, e, err := ReadEdit(r.code, r.loader(), s)
	if err == nil {
		err = r.m.Edit(e)
	}
	if err != nil {
		return fmt.Errorf("make the edit in slot %d of %s: %w", s.Number, r.id, err)
	}
	r.answered()
	r.advance()
	return nil
}

// untilEdit makes the edits that are stored for where the machine stands, and is how much it may execute before the next one.
func (r *run) untilEdit() (fuel uint64, err error) {
	for {
		s, ok := r.recalled()
		if !ok || s.Kind != SlotEdit {
			return r.e.Fuel, nil
		}
		at, err := r.editAt(s)
		switch {
		case err != nil:
			return 0, err
		case at < r.m.Steps():
			return 0, r.beginAgain()
		case at > r.m.Steps():
			return min(r.e.Fuel, at-r.m.Steps()), nil
		}
		if err := r.makeEdit(s); err != nil {
			return 0, err
		}
	}
}

// editAt is the instant of an edit. That of the next one is asked for often.
func (r *run) editAt(s Slot) (uint64, error) {
	if r.nextEdit.number == s.Number && r.nextEdit.known {
		return r.nextEdit.at, nil
	}
	at, _, err := ReadEdit(r.code, r.loader(), s)
	if err != nil {
		return 0, fmt.Errorf("slot %d of %s: %w", s.Number, r.id, err)
	}
	r.nextEdit = knownEdit{s.Number, at, true}
	return at, nil
}

// knownEdit is the instant of a stored edit.
type knownEdit struct {
	number, at uint64
	known      bool
}

// beginAgain lets the next run begin from the entry, because this one has passed the instant of an edit that it did not know of.
func (r *run) beginAgain() error {
	due := r.earlier(r.e.Clock.Now().Add(firstPoll))
	mine, err := r.e.Store.Preempt(r.ctx, Preempt{ID: r.id, Epoch: r.head.Epoch, Due: due})
	if err != nil {
		return fmt.Errorf("give %s back: %w", r.id, err)
	}
	if mine {
		if err := r.e.invokeThread(r.ctx, &r.head); err != nil {
			return err
		}
	}
	return errOver
}
