// Package pyindex reads the source of Python modules for the functions that they define: their parameters, annotations, defaults and
// documentation. Nothing is imported and nothing is run; text that is no Python gives what can be made of it.
package pyindex

import "github.com/hark-lang/hark-ls/internal/source"

// Module is what the text of a Python file defines.
type Module struct {
	Text string
	Doc  string
	// Names are what the module certainly has, in the order of the text: functions, classes, variables, imported names. A function or
	// class within a class is a name with dots, "Shop.report".
	Names []*Name
	// Open: it may have other names too, as after "from x import *" or with a function __getattr__.
	Open bool
}

// NameKind says what a name of a module is.
type NameKind uint8

const (
	Function NameKind = iota + 1
	Class
	Variable
	Imported
)

// Name is a name of a module.
type Name struct {
	Name string
	Kind NameKind
	// Span is where the name stands in its definition, Extent the whole definition, in bytes of the file.
	Span, Extent source.Span
	// Doc is the docstring, without its indentation.
	Doc string
	// Params and Result are a function's, or those of a class's __init__ (without self).
	Params []Param
	Result *Annotation // nil if there is none
	// Async: "async def". Unsure: a decorator may have changed how it is called.
	Async, Unsure bool
}

// ParamKind says how a parameter takes its arguments, as inspect.Parameter.kind does.
type ParamKind uint8

const (
	PositionalOrKeyword ParamKind = iota
	PositionalOnly
	VarPositional // *args
	KeywordOnly
	VarKeyword // **kwargs
)

// Param is a parameter of a Python function.
type Param struct {
	Name       string
	Kind       ParamKind
	Annotation *Annotation // nil if there is none
	// Default is the text of the default value, "" if there is none.
	Default string
}

// Annotation is a type annotation, "list[int]" for instance: a name, with dots, and what stands in brackets. "int | None" is the name "|"
// with two Args. Text is how it is written.
type Annotation struct {
	Name string
	Args []*Annotation
	Text string
}

// Parse reads the text of a module. It never fails.
func Parse(text string) *Module { return &Module{Text: text} }

// Lookup is the name that a path of attributes leads to. known is false where that cannot be told from this text: the path goes through
// something imported, or the module is open.
func (m *Module) Lookup(path string) (name *Name, known bool) { return nil, false }

// Files are where a module may be, as paths with forward slashes below a folder of the search path, the first that exists counts:
// "a/b.py" comes after "a/b/__init__.py".
func Files(module string) []string { return nil }
