// Package pyindex reads the source of Python modules for the functions that they define: their parameters, annotations, defaults and
// documentation. Nothing is imported and nothing is run; text that is no Python gives what can be made of it.
//
// It reads in one pass. The scanner gives one logical line after the other, as lists of tokens; blocks are told apart by indentation
// alone. Lines of the module and of its classes are looked at, those within functions are passed over, but for the docstring at their
// beginning. What is written only conditionally, or in a way that cannot be followed, makes the index less sure: it never guesses
// that something is not there.
package pyindex

import (
	"strings"

	"github.com/hark-lang/hark-ls/internal/source"
)

// Module is what the text of a Python file defines.
type Module struct {
	Text string
	Doc  string
	// Names are what the text defines, each once, by its last definition, in the order of the text: functions, classes, variables,
	// imported names. What a class has is a name with dots, "Shop.report".
	Names []*Name
	// Open: it may have other names too, as after "from x import *" or with a function __getattr__.
	Open bool
	// Stars are the modules of "from x import *", as they are written.
	Stars []string
	// All are the names in __all__, nil if there is none.
	All []string

	index map[string]*Name
	// vague are names that may be there although no definition of them is certain.
	vague map[string]bool
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
	// Span is where the name stands in its definition, Extent the whole definition with its decorators, in bytes of the file.
	Span, Extent source.Span
	// Doc is the docstring, without its indentation.
	Doc string
	// Params and Result are a function's, or those of a class's __init__. What is given by itself, as the class of a classmethod or
	// the new object, is not among them; the self of a plain method is, as it is called through its class.
	Params []Param
	Result *Annotation // nil if there is none
	// Async: "async def". Generator: there is a yield in its body. Unsure: it may be called in another way, as a decorator or a
	// condition around the definition has a say.
	Async, Generator, Unsure bool
	// Plain: a variable whose value is certainly nothing that can be called: a literal, or a property.
	Plain, Property bool
	// Type is the annotation of a variable; nil if there is none.
	Type *Annotation
	// From is the module that an imported name comes from as it is written, with dots before it where it is relative; Original is its
	// name there, "" if the module itself is meant.
	From, Original string

	open bool // a class that may have attributes that are not in its text
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

// Required says whether a call has to give an argument for it.
func (f Param) Required() bool {
	return f.Default == "" && f.Kind != VarPositional && f.Kind != VarKeyword
}

// Annotation is a type annotation, "list[int]" for instance: a name, with dots, and what stands in brackets. "int | None" is the name "|"
// with two Args, and a list of types within brackets, as in "Callable[[int], str]", is the name "[]". Text is how it is written.
// What is no such thing has no Name.
type Annotation struct {
	Name string
	Args []*Annotation
	Text string
}

// Parse reads the text of a module. It never fails.
func Parse(text string) *Module {
	p := newParser(text)
	p.module()
	return p.m
}

// Lookup is the name that a path of attributes leads to. known is false where that cannot be told from this text: the path goes through
// something imported, or the module is open.
func (m *Module) Lookup(path string) (name *Name, known bool) {
	if name := m.index[path]; name != nil {
		return name, true
	}
	if strings.HasPrefix(path, "__") || m.vague[path] {
		return nil, false
	}
	for i := range len(path) {
		if path[i] != '.' {
			continue
		}
		owner := m.index[path[:i]]
		if owner == nil {
			return nil, !m.Open && !m.vague[path[:i]]
		}
		next, _, _ := strings.Cut(path[i+1:], ".")
		if owner.Kind != Class || owner.open || strings.HasPrefix(next, "__") || next == "mro" || m.vague[path[:i+1]+next] {
			return nil, false
		}
	}
	return nil, !m.Open
}

// Absolute is the name of the module that an import of this module names, which may be relative: "..lib.x" in a.b.c is "a.lib.x".
// within is the module in which the import stands, pkg says that it is a package, an __init__.py. It is "" for what leads out of
// all packages.
func Absolute(from, within string, pkg bool) string {
	name := strings.TrimLeft(from, ".")
	dots := len(from) - len(name)
	if dots == 0 {
		return name
	}
	parts := strings.Split(within, ".")
	if pkg {
		dots--
	}
	if dots >= len(parts) {
		return ""
	}
	parts = parts[:len(parts)-dots]
	if name != "" {
		parts = append(parts, name)
	}
	return strings.Join(parts, ".")
}

// Files are where a module may be, as paths with forward slashes below a folder of the search path, the first that exists counts:
// "a/b.py" comes after "a/b/__init__.py". There are none for what is no module's name.
func Files(module string) []string {
	path := strings.ReplaceAll(module, ".", "/")
	for _, part := range strings.Split(path, "/") {
		if part == "" || strings.ContainsAny(part, `\:`+"\x00") {
			return nil
		}
	}
	return []string{path + "/__init__.py", path + ".py"}
}
