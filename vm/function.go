package vm

// FunctionIndex is the index of a Function in its program's Funcs; false if it is an import or a builtin.
func (v Value) FunctionIndex() (int, bool) {
	v.expect(KindFunction)
	f := v.function()
	return int(f.index), f.form == formHark
}
