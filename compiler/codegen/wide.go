package codegen

import "github.com/hark-lang/hark-ls/vm/bytecode"

// A function that needs more registers than an instruction can name is compiled in the wide way. All locals then live beyond the
// registers that can be named. Those are temporaries, from 0 on; as soon as many of them wait for something, the next ones wait
// beyond too. A window for a call is put together when all of it is there: nothing waits below it but a few temporaries, so that
// there is room for any number of arguments that a call may have.

const (
	// reach is the first register that is out of an instruction's reach.
	reach = 256
	// waiting is how many temporaries may wait within reach.
	waiting = 16
)

// wide is the stack of the registers beyond reach.
type wide struct{ top, max int }

// widen makes f a function that is compiled in the wide way.
func (f *function) widen() {
	f.wide = &wide{}
	f.wide.reserve(reach + len(f.homes))
	for i := range f.homes {
		f.homes[i] = reach + i
	}
}

func (w *wide) reserve(top int) {
	w.top = top
	w.max = max(w.max, top)
}

// crowded says whether what waits from now on has to wait out of reach.
func (f *function) crowded() bool { return f.wide != nil && f.top > waiting }

// park moves a register's value out of reach.
func (f *function) park(r int) (slot int) {
	slot = f.wide.top
	f.wide.reserve(slot + 1)
	f.emit(bytecode.STOREW, r, 0, 0, slot)
	return slot
}

// unpark brings what was parked last back, into a temporary.
func (f *function) unpark(slot int) (r int) {
	r = f.temp()
	f.emit(bytecode.LOADW, r, 0, 0, slot)
	f.wide.top = slot
	return r
}

// wideWindow is window for the wide way: the values wait out of reach until all are there.
func (f *function) wideWindow(args arguments) {
	base, slots := f.top, f.wide.top
	f.wide.reserve(slots + len(args.values))
	for i, e := range args.values {
		r := f.temp()
		f.compile(e, dest(r))
		f.emit(bytecode.STOREW, r, 0, 0, slots+args.slot(i))
		f.top = base
	}
	for i := range args.values {
		f.emit(bytecode.LOADW, f.temp(), 0, 0, slots+i)
	}
	f.wide.top = slots
}
