package codegen

import (
	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/compiler/syntax"
	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// A call of a function that is known here and gets as many arguments as it takes is a static one: its arguments are brought into
// the order of the parameters, and nothing is left to check. All others find out at run time what they call.

// arguments are those of a call in the order of the callee's registers.
type arguments struct {
	// values are in the order in which they are written, and evaluated.
	values []syntax.Expr
	// slots has the place of each value; nil: in order.
	slots []int
	// names are those of the last ones.
	names []string
}

// call compiles a call, as far as it has to be found out which kind it is.
func (f *function) call(e *syntax.Call, d dest) {
	switch callee, b := f.callee(e); {
	case callee == nil:
		f.callValue(e, d)
	case b.Kind == resolve.Builtin:
		f.callBuiltin(e, b.Index, d)
	case d == tail && callee == f.fn && f.wide == nil:
		f.loop(e)
	case b.Kind == resolve.Function:
		f.callFunction(e, f.g.def(b.Def.Target), d)
	case len(f.fn.Captures) == 0: // itself
		f.callFunction(e, f.unit.index, d)
	default:
		f.callValue(e, d)
	}
}

// callee is what a call surely reaches, if its arguments suit that: a function, or one of the builtins. For these the function is
// some function; for what is not known it is nil.
func (f *function) callee(e *syntax.Call) (*resolve.Func, *resolve.Binding) {
	ident, ok := syntax.Unparen(e.Callee).(*syntax.Ident)
	if !ok {
		return nil, nil
	}
	b := f.info.Binding(ident)
	if b == nil {
		return nil, nil
	}
	callee, suits := f.fn, false
	switch b.Kind {
	case resolve.Builtin:
		row := &bytecode.Builtins[b.Index]
		suits = row.Accepts(len(e.Args)) && f.suits(e, func(i int) string { return row.Params[min(i, len(row.Params)-1)] })
	case resolve.Function:
		callee = f.g.from.Info(b.Def.Target).Funcs[0]
		fallthrough
	case resolve.Self:
		suits = callee.Params == len(e.Args) && f.suits(e, func(i int) string { return callee.Locals[i].Name })
	}
	if !suits {
		return nil, nil
	}
	return callee, b
}

// suits says whether the arguments of a call fill the first places of a callee, whose parameters have these names.
func (f *function) suits(e *syntax.Call, name func(i int) string) bool {
	slots := f.info.Slots(e)
	if slots == nil {
		for i, arg := range e.Args {
			if arg.Name != nil && arg.Name.Text != name(i) {
				return false
			}
		}
		return true
	}
	filled := make([]bool, len(e.Args))
	for _, slot := range slots {
		if slot >= len(filled) || filled[slot] {
			return false
		}
		filled[slot] = true
	}
	return len(slots) == len(filled)
}

func (f *function) callFunction(e *syntax.Call, index int, d dest) {
	args := f.static(e)
	base := f.base(d)
	f.window(base, args)
	f.site(f.calleeName(e.Callee))
	if d == tail {
		f.emit(bytecode.TAILCALL, base, len(args.values), 0, index)
		return
	}
	f.emit(bytecode.CALL, base, len(args.values), 0, index)
	f.deliver(base, d)
}

// callBuiltin calls a builtin; one or two arguments may lie anywhere.
func (f *function) callBuiltin(e *syntax.Call, index int, d dest) {
	args := f.static(e)
	n := len(args.values)
	if a, ok := literals[bytecode.Builtins[index].Name]; ok && n > chunk && n%a.width == 0 {
		r := f.result(d)
		f.assemble(a, args.values, r)
		f.deliver(r, d)
		return
	}
	if n == 0 || n > 2 || f.wide != nil {
		base := f.base(d)
		f.window(base, args)
		f.site(f.calleeName(e.Callee))
		f.emit(bytecode.CALLB, base, n, 0, index)
		f.deliver(base, d)
		return
	}
	r := f.result(d)
	registers := [2]int{}
	registers[args.slot(0)] = f.operandAt(r, args.values[0], args.values[1:]...)
	if n == 2 {
		registers[args.slot(1)] = f.operand(args.values[1])
	}
	f.site(f.calleeName(e.Callee))
	if n == 1 {
		f.emit(bytecode.CALLB1, r, registers[0], 0, index)
	} else {
		f.emit(bytecode.CALLB2, r, registers[0], registers[1], index)
	}
	f.deliver(r, d)
}

// callValue calls what the callee turns out to be.
func (f *function) callValue(e *syntax.Call, d dest) {
	base := f.base(d)
	names := f.prepare(e, f.dynamic(e), base)
	f.site(f.calleeName(e.Callee))
	if d == tail {
		f.emit(bytecode.TAILCALLV, base, len(e.Args), 0, names)
		return
	}
	f.emit(bytecode.CALLV, base, len(e.Args), 0, names)
	f.deliver(base, d)
}

// async starts a thread with a call.
func (f *function) async(e *syntax.Async, r int) {
	call, ok := syntax.Unparen(e.Operand).(*syntax.Call)
	if !ok { // no sound program has it
		f.compile(e.Operand, dest(r))
		return
	}
	base := f.base(dest(r))
	args := f.dynamic(call)
	if callee, _ := f.callee(call); callee != nil {
		args = f.static(call)
	}
	names := f.prepare(call, args, base)
	f.site(f.calleeName(call.Callee))
	f.emit(bytecode.SPAWN, base, len(call.Args), 0, names)
	f.deliver(base, dest(r))
}

func (f *function) await(e *syntax.Await, r int) {
	x := f.operandAt(r, e.Operand)
	f.site("await")
	f.emit(bytecode.AWAIT, r, x, 0, 0)
}

// prepare evaluates the callee into base and the arguments into the registers after it, and is the constant of their names.
func (f *function) prepare(e *syntax.Call, args arguments, base int) (names int) {
	f.window(base, args.behind(e.Callee))
	return f.g.pool.names(args.names)
}

// base is where the window of a call begins whose result goes to d.
func (f *function) base(d dest) int {
	if d >= 0 && f.fresh(int(d)) {
		return int(d)
	}
	return f.top
}

// static are a call's arguments where the callee's parameters are known.
func (f *function) static(e *syntax.Call) arguments {
	args := arguments{values: make([]syntax.Expr, len(e.Args)), slots: f.info.Slots(e)}
	for i, arg := range e.Args {
		args.values[i] = arg.Value
	}
	return args
}

// dynamic are a call's arguments where they are not: the named ones are the last, with their names.
func (f *function) dynamic(e *syntax.Call) arguments {
	args := arguments{values: make([]syntax.Expr, len(e.Args))}
	for i, arg := range e.Args {
		args.values[i] = arg.Value
		if arg.Name != nil {
			args.names = append(args.names, arg.Name.Text)
		}
	}
	return args
}

// slot is the place of a value.
func (a arguments) slot(i int) int {
	if a.slots == nil {
		return i
	}
	return a.slots[i]
}

// behind puts the callee before the arguments.
func (a arguments) behind(callee syntax.Expr) arguments {
	whole := arguments{values: append([]syntax.Expr{callee}, a.values...)}
	if a.slots != nil {
		whole.slots = []int{0}
		for _, slot := range a.slots {
			whole.slots = append(whole.slots, slot+1)
		}
	}
	return whole
}
