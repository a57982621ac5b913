package types

import (
	"github.com/hark-lang/hark-ls/compiler/resolve"
)

// Signature is one way of calling a function.
type Signature struct {
	Name   string
	Params []Param
	Result Type
}

// Param is a parameter of any function: Hark's, Python's or a builtin.
type Param struct {
	Name string
	Type Type
	// Default is the text of the default value, "" if there is none; Optional: an argument may be left out.
	Default  string
	Optional bool
	// Rest: it takes all further arguments. PositionalOnly, KeywordOnly, RestKeywords: as in Python.
	Rest, PositionalOnly, KeywordOnly, RestKeywords bool
}

// String is the signature in a line: "name(a: Int, b = 2) -> String".
func (s Signature) String() string { return s.Name }

// Signatures are the ways of calling what a name stands for: one for a function of Hark or Python, several for some builtins, none if
// nothing is known.
func (f *Facts) Signatures(b *resolve.Binding) []Signature { return nil }
