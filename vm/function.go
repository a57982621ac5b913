package vm

import "slices"

// FunctionIndex is the index of a Function in its program's Funcs; false if it is an import or a builtin.
func (v Value) FunctionIndex() (int, bool) {
	v.expect(KindFunction)
	f := v.function()
	return int(f.index), f.form == formHark
}

// Captures are what a Function is closed over, in the order of its program's Captures, unset ones included.
func (v Value) Captures() []Value {
	v.expect(KindFunction)
	return slices.Clone(v.function().captures)
}
