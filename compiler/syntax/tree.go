// Package syntax turns the text of one file into a tree, whatever the text is, and a tree into canonical text.
//
// The tree is a value: nothing in it changes after parsing, it knows of one file only, and meaning is kept beside it, in
// tables indexed by node ID.
//
// # Positions
//
// A file is a sequence of items (definitions and imports). The span of a node is in bytes *from the start of its item*,
// so that an item that an edit only moved is the same tree as before, and all that was computed from it stays valid.
// Item.Span is in the file's bytes; Item.Abs converts.
package syntax

import (
	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/internal/source"
)

// File is a parsed file.
type File struct {
	Text  string
	Items []*Item
	// Comments outside items, in the file's offsets. A comment directly above an item is part of the item.
	Comments []Comment
	// Problems found by scanner and parser, in the order of their places.
	Problems []diag.Diagnostic

	found []diag.Diagnostic // those of Problems that parsing found, in its order
}

// Item is one top-level element, from its doc comment and attributes to its closing brace or parenthesis.
type Item struct {
	// Span is in the file's offsets. Items do not overlap; what lies between them is white space, ";" and free comments.
	Span source.Span
	Def  Def
	// Comments within the item, the doc comment included, in order.
	Comments []Comment
	// Nodes is the number of node IDs in use: those of the item's nodes are 0 … Nodes-1, in source order of creation.
	Nodes int

	state state // of the parser before it
}

// Abs converts a span of one of the item's nodes to the file's offsets.
func (it *Item) Abs(s source.Span) source.Span { return s.Shift(it.Span.Start) }

// Comment is a line or block comment with its delimiters.
type Comment struct {
	Span source.Span
	Text string
	Doc  bool // "/** … */"
}

// Node is any node of an item.
type Node interface {
	// Span is relative to the item's start.
	Span() source.Span
	// ID is dense within the item, so that facts about nodes are kept in slices.
	ID() int
}

type node struct {
	span source.Span
	id   int32
}

func (n *node) Span() source.Span { return n.span }
func (n *node) ID() int           { return int(n.id) }

// Def is *FuncDef, *ImportDef or *BadDef.
type Def interface {
	Node
	def()
}

// FuncDef is "/** doc */ #[attr] fn name(params) -> type { … }".
type FuncDef struct {
	node
	Doc    *Comment // nil if there is none
	Attrs  []*Attr
	Fn     source.Span // the keyword
	Name   *Name       // Text "" where it is missing
	Params []*Param
	// Parens is the span from "(" to ")".
	Parens source.Span
	Result *TypeExpr // nil if not annotated
	Body   *Block    // nil if missing
}

// ImportDef is "import(name, :python module, 2, alias)" in any of its forms.
type ImportDef struct {
	node
	Doc      *Comment
	Attrs    []*Attr
	Keyword  source.Span
	Name     *Name // the function's name over there; an identifier or a String
	Language ImportLanguage
	// LanguageSpan is that of ":python" or ":hark", empty where it is left out (Python is meant).
	LanguageSpan source.Span
	Module       *Name      // dotted; an identifier or a String
	Count        *NumberLit // nil if left out
	Alias        *Name      // nil if left out
	Close        source.Span
}

// ImportLanguage says whose function an import brings in.
type ImportLanguage uint8

const (
	Python ImportLanguage = iota + 1
	Hark
)

// BadDef is text at the top level that is neither a definition nor an import, and the attributes before it.
type BadDef struct {
	node
	Attrs []*Attr
}

func (*FuncDef) def()   {}
func (*ImportDef) def() {}
func (*BadDef) def()    {}

// Name is an identifier at a place that defines or names something; it is not an expression.
type Name struct {
	node
	Text   string
	Quoted bool // written as a String, in imports
}

// Param is "name" or "name: type".
type Param struct {
	node
	Name *Name
	Type *TypeExpr // nil if not annotated
}

// TypeExpr is "Name[Args]?".
type TypeExpr struct {
	node
	Name     *Name
	Args     []*TypeExpr
	Optional bool
}

// Attr is "name" or "name(arg, key=value)" in "#[…]".
type Attr struct {
	node
	Name *Name
	Args []*AttrArg
}

// AttrArg is "value" or "key=value".
type AttrArg struct {
	node
	Key   *Name // nil if positional
	Value Expr  // a literal in a sound program
}

// Expr is an expression.
type Expr interface {
	Node
	expr()
}

// Block is "{ e; e }". It is not an expression of its own, as "{" in an expression begins a hash.
type Block struct {
	node
	Exprs []Expr // at least one in a sound program
	// Open and Close are the braces; Close is empty, at the place where it belongs, if it is missing.
	Open, Close source.Span
}

type (
	// Bad stands where an expression should be and is none; its span is what was skipped, empty if nothing was there.
	Bad struct{ node }

	// Ident is a use of a name.
	Ident struct {
		node
		Name string
	}

	// NumberLit is "5", "5.25", "5e3".
	NumberLit struct {
		node
		Text  string // as written
		Float bool
	}

	// StringLit is a String with its escapes resolved in Value.
	StringLit struct {
		node
		Value string
	}

	// SymbolLit is ":name"; Name is without the colon.
	SymbolLit struct {
		node
		Name string
	}

	// BoolLit is "true" or "false".
	BoolLit struct {
		node
		Value bool
	}

	// NullLit is "null".
	NullLit struct{ node }

	// ListLit is "[a, b]".
	ListLit struct {
		node
		Elems []Expr
	}

	// HashLit is "{k: v}".
	HashLit struct {
		node
		Pairs []HashPair
	}

	// Paren is "(e)".
	Paren struct {
		node
		Inner Expr
	}

	// Call is "callee(args)".
	Call struct {
		node
		Callee Expr
		Args   []*Arg
		Parens source.Span // from "(" to ")"
	}

	// If is "if c { … } else if c { … } else { … }": one arm per condition, so that a long chain is not deep.
	If struct {
		node
		Arms []IfArm
		Else *Block // nil if there is none
	}

	// Try is "try { … } catch e { … }".
	Try struct {
		node
		Body  *Block
		Name  *Name
		Catch *Block
	}

	// Lambda is "lambda(params) { … }".
	Lambda struct {
		node
		Params []*Param
		Parens source.Span
		Body   *Block
	}

	// Assign is "name = value".
	Assign struct {
		node
		Name  *Name
		Value Expr
	}

	// Binary is "x op y".
	Binary struct {
		node
		Op    Token
		OpPos source.Span
		X, Y  Expr
	}

	// Unary is "!x" or "-x".
	Unary struct {
		node
		Op Token
		X  Expr
	}

	// Async is "async call"; in a sound program Operand is a *Call.
	Async struct {
		node
		Keyword source.Span
		Operand Expr
	}

	// Await is "await e".
	Await struct {
		node
		Keyword source.Span
		Operand Expr
	}
)

// HashPair is "key: value".
type HashPair struct{ Key, Value Expr }

// IfArm is a condition and what runs if it holds.
type IfArm struct {
	Cond Expr
	Then *Block
}

// Arg is "value" or ":name value".
type Arg struct {
	node
	Name  *Name // nil if positional
	Value Expr
}

func (*Bad) expr()       {}
func (*Ident) expr()     {}
func (*NumberLit) expr() {}
func (*StringLit) expr() {}
func (*SymbolLit) expr() {}
func (*BoolLit) expr()   {}
func (*NullLit) expr()   {}
func (*ListLit) expr()   {}
func (*HashLit) expr()   {}
func (*Paren) expr()     {}
func (*Call) expr()      {}
func (*If) expr()        {}
func (*Try) expr()       {}
func (*Lambda) expr()    {}
func (*Assign) expr()    {}
func (*Binary) expr()    {}
func (*Unary) expr()     {}
func (*Async) expr()     {}
func (*Await) expr()     {}
