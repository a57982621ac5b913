// Package bytecode is what the compiler hands to the machine: programs, the table of operations, and the table of
// builtin functions. It knows neither source text nor values.
package bytecode

import "github.com/hark-lang/hark-ls/internal/source"

// Semantics numbers the meaning of programs: of operations, builtins, Unicode tables, number formats. A program runs only
// on a machine that implements its number.
const Semantics = 1

// Program is everything a session needs to run, and to be debugged years later without the checkout it came from.
type Program struct {
	Semantics uint32
	Files     []File
	Funcs     []Func
	Imports   []Import
	Consts    []Const
	// Exports are the functions that a session can be started with: those of the entry file, by name.
	Exports []Export
}

// Export names a function that can be the entry of a session: an index into Funcs, or, if Import is set, into Imports.
type Export struct {
	Name   string
	Func   uint32
	Import bool
}

// File is a source file of the program.
type File struct {
	// Path is relative to the project's root with forward slashes; the prelude's files are "prelude/NAME.hk".
	Path string
	Text string
}

// Func is a compiled function or lambda. Its arguments arrive in registers 0 … len(Params)-1.
type Func struct {
	Name     string // "" for a lambda that has none
	File     uint32
	Span     source.Span // from "fn" or "lambda" to the end, in the file's offsets
	Doc      string
	Params   []Param
	Result   string // the annotation's text, "" if none
	Captures []string
	// Registers is the size of the frame.
	Registers uint32
	Code      []Instr
	Handlers  []Handler
	Attrs     Attrs
	Debug     Debug
}

// Param is a parameter; Type is its annotation's text in canonical form, "" if none.
type Param struct {
	Name string
	Type string
}

// Handler says that an error raised by an instruction in [Start, End) is stored, as a Hash, in register Reg and execution
// goes on at Target. Of several that cover an instruction the first in the table counts: inner ones come first.
type Handler struct {
	Start, End, Target, Reg uint32
}

// Import is a Python function.
type Import struct {
	Name   string // over there, maybe dotted
	Module string
	Alias  string // the name it has here
	// Count is the number of arguments that the import declares, -1 if it declares none.
	Count int32
	File  uint32
	Span  source.Span
	Attrs Attrs
}

// Attrs are the attributes of a function or an import. Zero values mean "not given".
type Attrs struct {
	TimeoutSeconds float64
	MemoryMB       uint32
	AtMostOnce     bool
	RetryMax       uint32 // tries in all
	RetryBackoff   float64
	RetryOn        []string // kinds; empty means every kind
}

// Const is a constant too large for an instruction.
type Const struct {
	Kind  ConstKind
	Int   int64
	Float float64
	// Text is the String, the Symbol's name, the decimal digits of a BigInt, or a variable's name.
	Text string
	// Names are those of the named arguments of a call, in the order of their values (after the positional ones).
	Names []string
}

// ConstKind is the kind of a Const.
type ConstKind uint8

const (
	ConstInt ConstKind = iota + 1
	ConstBigInt
	ConstFloat
	ConstString
	ConstSymbol
	ConstName  // the name of a variable, for messages
	ConstNames // the names of named arguments
)

// Debug tells the debugger and tracebacks where a function's instructions come from. Spans are in the file's offsets.
type Debug struct {
	// Spans has one entry per instruction.
	Spans []source.Span
	// Statements are the instructions at which an expression of a block starts, ascending.
	Statements []uint32
	// Calls are the call sites, ascending by PC.
	Calls []CallSite
	// Locals says which register holds which name when.
	Locals []Local
}

// CallSite is an instruction that calls, spawns or awaits.
type CallSite struct {
	PC uint32
	// Name is the callee as written, for stack traces and step-in targets.
	Name string
	Span source.Span
}

// Local is a named register: it holds Name while PC is in [Start, End). It may be unset.
type Local struct {
	Name       string
	Reg        uint32
	Start, End uint32
	Param      bool
}
