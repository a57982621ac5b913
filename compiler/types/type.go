// Package types finds out what kinds of values the expressions of a program have, without running it, and what is certain or
// possible to go wrong because of them.
//
// It is gradual: what is not known is Any, and about Any nothing is said. A Type is a set of values; an operation that fails for
// all of them is an error, one that fails for some is a warning.
package types

import "github.com/hark-lang/hark-ls/compiler/resolve"

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

// Type is a set of values: of some kinds, with what is known of their parts. The zero Type is Any. Types are values: they never change.
type Type struct {
	*shape
}

// shape is nil for Any.
type shape struct {
	kinds Kinds
}

// Any is the type of which nothing is known.
var Any Type

// Kinds are the kinds that the value may have: none for an expression that never has a value, AnyKind for Any.
func (t Type) Kinds() Kinds {
	if t.shape == nil {
		return AnyKind
	}
	return t.kinds
}

// IsAny says whether nothing is known.
func (t Type) IsAny() bool { return t.shape == nil }

// String is the type in Hark's notation: "Int", "List[String]", "Int?", "Future[Int]", "Fn[Int, Int]", "Any". What the notation
// cannot say is shown as nearly as it can: "Int | String".
func (t Type) String() string { return "Any" }

// Elem is the type of a List's elements; Any if it is not known.
func (t Type) Elem() Type { return Any }

// Key is the type of a Hash's keys.
func (t Type) Key() Type { return Any }

// Value is the type of a Hash's values.
func (t Type) Value() Type { return Any }

// Field is a key of a Hash that is known.
type Field struct {
	// Key is the String.
	Key  string
	Type Type
	// Certain: the key is there in any case.
	Certain bool
}

// Fields are the String keys that a Hash is known to have, in their order.
func (t Type) Fields() []Field { return nil }

// Awaited is what await of such a value gives: for a future, the type of its value.
func (t Type) Awaited() Type { return Any }

// Threads are the functions that the threads behind a future run, as far as they are known.
func (t Type) Threads() []*resolve.Def { return nil }

// Signature is how the function is called; false if it is not known, or no function.
func (t Type) Signature() (Signature, bool) { return Signature{}, false }
