package vm

import "github.com/hark-lang/hark-ls/vm/bytecode"

// How builtins are called.
//
// A builtinFunc computes its value from args, which it must neither keep nor change: they are the machine's registers. The
// number of arguments fits the row of bytecode.Builtins already. It raises by returning a fault(kind, …). What it costs beyond
// a few steps it announces:
//
//	m.work(n)      it touches n bytes or items: fuel
//	m.reserve(n)   it is about to allocate n bytes: before the allocation if n may be large; an error of kind Limit is returned as it is
//
// A builtin that needs the world returns m.output(line, value), m.sleep(seconds) or m.await(Awaiting{…}) as its last act; it
// is called again, with the same arguments, if a machine that waits is decoded and Run.
type builtinFunc func(m *Machine, args []Value) (Value, *Error)

// defineBuiltins fills in builtinFuncs from functions by name.
func defineBuiltins(functions map[string]builtinFunc) [256]builtinFunc {
	var table [256]builtinFunc
	for i, row := range bytecode.Builtins {
		table[i] = functions[row.Name]
	}
	return table
}

// output makes the machine write a line and go on with value.
func (m *Machine) output(line string, value Value) (Value, *Error) {
	m.effect = effect{kind: Output, text: line}
	return value, nil
}

// sleep makes the machine sleep; seconds is an Int or a Float and the call's value.
func (m *Machine) sleep(seconds Value) (Value, *Error) {
	m.effect = effect{kind: Sleep, seconds: seconds}
	return seconds, nil
}

// await makes the machine wait; the call's value is the answer.
func (m *Machine) await(a Awaiting) (Value, *Error) {
	m.effect = effect{kind: Await, await: a}
	return Null, nil
}
