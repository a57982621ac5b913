package codegen

import (
	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/compiler/syntax"
	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// dest is where the value of an expression goes: a register, or one of the two below.
type dest int

const (
	// discard: the value is of no interest.
	discard dest = -1
	// tail: the value is that of the function, and a call there replaces the function's frame.
	tail dest = -2
)

// compile evaluates an expression. It leaves f.top as it was.
func (f *function) compile(e syntax.Expr, d dest) {
	e = syntax.Unparen(e)
	top, span := f.top, f.at(e)
	switch e := e.(type) {
	case *syntax.If:
		f.ifChain(e, d)
	case *syntax.Try:
		f.try(e, d)
	case *syntax.Call:
		f.call(e, d)
	case *syntax.Assign:
		f.assign(e, d)
	case *syntax.Ident:
		f.ident(e, d)
	default:
		f.simple(e, d)
	}
	f.top, f.span = top, span
}

// simple compiles an expression that treats all destinations alike.
func (f *function) simple(e syntax.Expr, d dest) {
	if d == discard && constant(e) {
		return
	}
	r := f.result(d)
	f.into(e, r)
	f.deliver(r, d)
}

// bad is the code of what no sound program has: an error of kind Name.
func (f *function) bad(r int) {
	t := f.scratch(dest(r))
	f.read(&resolve.Binding{Kind: resolve.Missing}, t, "?")
	f.deliver(t, dest(r))
}

// result is the register for a value that goes to d.
func (f *function) result(d dest) int {
	if d >= 0 {
		return int(d)
	}
	return f.temp()
}

// into computes the value of an expression that is neither control flow nor a name, and writes it to r last.
func (f *function) into(e syntax.Expr, r int) {
	switch e := e.(type) {
	case *syntax.Binary:
		f.binary(e, r)
	case *syntax.Unary:
		f.unary(e, r)
	case *syntax.NumberLit:
		f.number(number(e.Text, e.Float), r)
	case *syntax.StringLit:
		f.emit(bytecode.CONST, r, 0, 0, f.g.pool.text(bytecode.ConstString, e.Value))
	case *syntax.SymbolLit:
		f.emit(bytecode.CONST, r, 0, 0, f.g.pool.text(bytecode.ConstSymbol, e.Name))
	case *syntax.BoolLit:
		f.emit(bytecode.BOOL, r, truth(e.Value), 0, 0)
	case *syntax.NullLit:
		f.emit(bytecode.NULL, r, 0, 0, 0)
	case *syntax.ListLit:
		f.assemble(lists, e.Elems, r)
	case *syntax.HashLit:
		f.assemble(hashes, pairs(e), r)
	case *syntax.Lambda:
		f.lambda(e, r)
	case *syntax.Async:
		f.async(e, r)
	case *syntax.Await:
		f.await(e, r)
	default: // *syntax.Bad
		f.bad(r)
	}
}

// deliver brings a value that is in register r to where it has to go.
func (f *function) deliver(r int, d dest) {
	switch {
	case d == tail:
		f.emit(bytecode.RET, r, 0, 0, 0)
	case d >= 0 && int(d) != r:
		f.emit(bytecode.MOVE, int(d), r, 0, 0)
	}
}

// scratch is a register that may be written on the way to a value that goes to d: d itself, if it is a fresh temporary.
func (f *function) scratch(d dest) int {
	if d >= 0 && f.fresh(int(d)) {
		return int(d)
	}
	return f.temp()
}

// operand evaluates an expression into a register of its choice: a local's own, or a temporary, which is reserved. The value
// is still there after the expressions of later have been evaluated.
func (f *function) operand(e syntax.Expr, later ...syntax.Expr) int {
	e = syntax.Unparen(e)
	if r, ok := f.inPlace(e, later); ok {
		return r
	}
	r := f.temp()
	f.compile(e, dest(r))
	return r
}

// operandAt is operand for an operation whose result goes to r: a fresh temporary there is as good as another one.
func (f *function) operandAt(r int, e syntax.Expr, later ...syntax.Expr) int {
	e = syntax.Unparen(e)
	if r, ok := f.inPlace(e, later); ok {
		return r
	}
	r = f.scratch(dest(r))
	f.compile(e, dest(r))
	return r
}

// inPlace evaluates an expression whose value is that of a local, and stays it, and is the local's register. Any other
// expression it leaves alone.
func (f *function) inPlace(e syntax.Expr, later []syntax.Expr) (r int, ok bool) {
	local, ok := f.localOf(e)
	if !ok || f.wide != nil || f.assigned(local, later) {
		return 0, false
	}
	f.compile(e, discard)
	return f.homes[local], true
}

// block compiles the expressions of a block; the last one's value goes to d.
func (f *function) block(b *syntax.Block, d dest) {
	if b == nil || len(b.Exprs) == 0 { // no sound program has it
		f.simple(&syntax.NullLit{}, d)
		return
	}
	last := len(b.Exprs) - 1
	for _, e := range b.Exprs[:last] {
		f.statement(e, discard)
	}
	f.statement(b.Exprs[last], d)
}

// statement compiles an expression of a block and records where it starts, unless there is no code for it.
func (f *function) statement(e syntax.Expr, d dest) {
	statements, pc := f.debug.Statements, uint32(f.pc())
	if n := len(statements); n == 0 || statements[n-1] != pc {
		f.debug.Statements = append(statements, pc)
	}
	f.compile(e, d)
	if uint32(f.pc()) == pc {
		f.debug.Statements = statements
	}
}

// assign compiles "name = value". The name's register gets the value when all of it is there.
func (f *function) assign(e *syntax.Assign, d dest) {
	local, ok := f.bound(e.Name)
	if !ok {
		f.compile(e.Value, d)
		return
	}
	home := f.homes[local]
	if f.wide != nil {
		r := f.scratch(d)
		f.compile(e.Value, dest(r))
		f.emit(bytecode.STOREW, r, 0, 0, home)
		f.holds(local)
		f.deliver(r, d)
		return
	}
	f.compile(e.Value, dest(home))
	f.holds(local)
	f.deliver(home, d)
}

// constant says whether evaluating e has no effect and cannot fail.
func constant(e syntax.Expr) bool {
	switch e.(type) {
	case *syntax.NumberLit, *syntax.StringLit, *syntax.SymbolLit, *syntax.BoolLit, *syntax.NullLit, *syntax.Lambda:
		return true
	}
	return false
}

func truth(b bool) int {
	if b {
		return 1
	}
	return 0
}
