package vm

import (
	"unsafe"

	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// Code is a program made executable. Any number of machines share it.
type Code struct {
	program *bytecode.Program
	// functions are the Function values without captures, by index.
	functions []functionObject
	imports   []functionObject
}

// Load verifies a program and makes it executable. The program must not be changed afterwards.
func Load(program *bytecode.Program) (*Code, error) {
	c := &Code{program: program, functions: make([]functionObject, len(program.Funcs)), imports: make([]functionObject, len(program.Imports))}
	for i := range c.functions {
		c.functions[i] = functionObject{rep: repFunction, form: formHark, index: uint32(i), code: c}
	}
	for i := range c.imports {
		c.imports[i] = functionObject{rep: repFunction, form: formForeign, index: uint32(i), code: c}
	}
	return c, nil
}

// Program is what the code was made from.
func (c *Code) Program() *bytecode.Program { return c.program }

// Export is a function that a session can be started with, by its name in the entry file.
func (c *Code) Export(name string) (Value, bool) {
	for _, e := range c.program.Exports {
		if e.Name != name {
			continue
		}
		if e.Import {
			return c.Import(int(e.Func)), true
		}
		return c.Function(int(e.Func)), true
	}
	return Value{}, false
}

// Function is Funcs[index] as a value; it has to be one without captures.
func (c *Code) Function(index int) Value { return Value{p: unsafe.Pointer(&c.functions[index])} }

// Import is Imports[index] as a value.
func (c *Code) Import(index int) Value { return Value{p: unsafe.Pointer(&c.imports[index])} }

func (f *functionObject) name() string {
	name := ""
	switch f.form {
	case formHark:
		name = f.code.program.Funcs[f.index].Name
	case formForeign:
		name = f.code.program.Imports[f.index].Alias
	case formBuiltin:
		name = bytecode.Builtins[f.index].Name
	}
	if name == "" {
		return "lambda"
	}
	return name
}
