package codegen

import (
	"github.com/hark-lang/hark-ls/compiler/syntax"
	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// ifChain compiles "if … else if … else …".
func (f *function) ifChain(e *syntax.If, d dest) {
	end, known := f.newLabel(), len(f.numbers)
	for i, arm := range e.Arms {
		next := f.newLabel()
		f.branch(arm.Cond, false, next)
		f.learn(arm.Cond)
		f.scoped(arm.Then, d)
		if last := i == len(e.Arms)-1; d != tail && !(last && e.Else == nil && d == discard) {
			f.skip(end)
		}
		f.place(next)
	}
	if e.Else != nil {
		f.scoped(e.Else, d)
	} else {
		f.simple(&syntax.NullLit{}, d)
	}
	f.place(end)
	f.numbers = f.numbers[:known]
}

// skip jumps over the code of the ways not taken. In the source it belongs to what came before, so that a debugger does not
// go back to the beginning of the whole.
func (f *function) skip(to label) {
	span := f.span
	f.span = f.spans[f.pc()-1]
	f.jump(bytecode.JUMP, 0, 0, 0, to)
	f.span = span
}

// scoped compiles a block that may not be executed, and forgets what was known only there.
func (f *function) scoped(b *syntax.Block, d dest) {
	known := len(f.numbers)
	f.block(b, d)
	f.numbers = f.numbers[:known]
}

// try compiles "try … catch e …". What the first block computes is covered by a handler, what becomes of its value is not.
func (f *function) try(e *syntax.Try, d dest) {
	start, top := f.pc(), f.top
	body := d
	if d == tail {
		body = dest(f.temp())
	}
	f.scoped(e.Body, body)
	stop := f.pc()
	if d == tail {
		f.emit(bytecode.RET, int(body), 0, 0, 0)
	}
	if start == stop {
		return // nothing that could fail
	}
	end := f.newLabel()
	if d != tail {
		f.skip(end)
	}
	f.top = top
	caught := f.temp()
	if local, ok := f.bound(e.Name); ok {
		f.top = top
		f.holds(local)
		caught = f.homes[local]
	}
	f.handlers = append(f.handlers, bytecode.Handler{
		Start: uint32(start), End: uint32(stop), Target: uint32(f.pc()), Reg: uint32(caught),
	})
	f.scoped(e.Catch, d)
	f.place(end)
}
