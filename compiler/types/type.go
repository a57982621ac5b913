// Package types finds out what kinds of values the expressions of a program have, without running it, and what is certain or
// possible to go wrong because of them.
//
// It is gradual: what is not known is Any, and about Any nothing is said. A Type is a set of values; an operation that fails for
// all of them is an error, one that fails for some is a warning.
package types

import "github.com/hark-lang/hark-ls/compiler/syntax"

// Kinds is a set of kinds of values.
type Kinds uint16

// The kinds, a bit each. AnyKind is the set of all.
const (
	Null Kinds = 1 << iota
	Bool
	Int
	Float
	String
	Symbol
	List
	Hash
	Function
	Future
	AnyKind = 1<<iota - 1
)

// number are the kinds that one computes with.
const number = Int | Float

// Has says whether one of the kinds is in the set.
func (k Kinds) Has(some Kinds) bool { return k&some != 0 }

// Within says whether the set is not empty and has no kinds but these.
func (k Kinds) Within(some Kinds) bool { return k != 0 && k&^some == 0 }

// Type is a set of values: of some kinds, with what is known of their parts. The zero Type is Any. Types are values: they never
// change.
type Type struct {
	without Kinds // the kinds that it has not, so that the zero Type is Any
	trust   trust
	parts   *parts // nil if nothing is known of any part
}

// trust says how far what a type claims may be relied on.
type trust uint8

const (
	// assumed: it rests on the annotations of the function's own parameters.
	assumed trust = 1 << iota
	// believed: it rests on an annotation that nothing holds anyone to, such as one of Python's.
	believed
	// loose: not each of the kinds need occur, as in an element of a List of several kinds.
	loose
	// sent: it is what a value has to be of to be sent to Python.
	sent
)

// Any is the type of which nothing is known.
var Any Type

// never is the type without values: that of an expression that only ever raises or goes on for ever.
var never = Type{without: AnyKind}

// of is the type of all values of some kinds.
func of(k Kinds) Type { return Type{without: AnyKind &^ k} }

// Kinds are the kinds that the value may have: none for an expression that never has a value, AnyKind for Any.
func (t Type) Kinds() Kinds { return AnyKind &^ t.without }

// IsAny says whether nothing is known.
func (t Type) IsAny() bool { return t.without == 0 }

// IsNever says whether the expression never has a value.
func (t Type) IsNever() bool { return t.without == AnyKind }

// Field is a key of a Hash that is known.
type Field struct {
	// Key is the String.
	Key  string
	Type Type
	// Certain: the key is there in any case.
	Certain bool
}

// Callee is a function that a value stands for or that a thread runs, by where it is defined. It is looked up in the program of the
// moment: Program.File(Path).Scope.Def(Name).
type Callee struct {
	// Path is the file's, "" for a builtin.
	Path string
	// Name is that of the function or import in its file; for a lambda the name that it is assigned to, if any.
	Name string
	// Lambda is nil for what has a definition.
	Lambda *syntax.Lambda
}
