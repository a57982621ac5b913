package types

import (
	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/compiler/syntax"
	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// key is a name of a file.
type key struct{ path, name string }

// world is a program while its types are found.
type world struct {
	program *resolve.Program
	python  Python
	earlier *Facts
	facts   *Facts
	nodes   []node
	// first has the number of the first node of each file.
	first map[string]int
}

// node is an item in the graph of what uses what.
type node struct {
	file  *resolve.File
	index int
	item  *Item
	uses  []int32 // nodes
	// changed: what others see of it is not what it was earlier. done: the item's facts are final.
	changed, done bool
}

// builtinValues are the builtins as values.
var builtinValues = func() []Type {
	all := make([]Type, len(bytecode.Builtins))
	for i := range bytecode.Builtins {
		b := &bytecode.Builtins[i]
		all[i] = functionOf(&function{callee: Callee{Name: b.Name}, sig: builtinSignatures[i].shown()[0], builtin: i})
	}
	return all
}()

// key is the name that a binding of kind Function or Import stands for.
func (w *world) key(b *resolve.Binding) key {
	return key{b.Def.Target.Path, b.Def.Target.Name}
}

// node is the item that defines a name, nil if there is none.
func (w *world) node(k key) *node {
	if i := w.find(k); i >= 0 {
		return &w.nodes[i]
	}
	return nil
}

func (w *world) find(k key) int {
	first, ok := w.first[k.path]
	if !ok {
		return -1
	}
	item := w.nodes[first].file.Scope.Item(k.name)
	if item < 0 {
		return -1
	}
	return first + item
}

// function is what is known of a function of Hark or Python; nil if nothing.
func (w *world) function(k key) *function {
	if n := w.node(k); n != nil && n.item != nil {
		return n.item.fn
	}
	return nil
}

// generic is the signature of a function of the prelude whose annotations cannot say it; nil for others.
func (w *world) generic(k key) generic {
	if n := w.node(k); n != nil && n.file.Prelude {
		return preludeSignatures[k.name]
	}
	return nil
}

// value is the type of a function of a file as a value.
func (w *world) value(b *resolve.Binding) Type {
	if fn := w.function(w.key(b)); fn != nil {
		return functionOf(fn)
	}
	return of(Function)
}

// importItem is what is known of an import: of a Python function, its signature.
func (w *world) importItem(n *node, def *syntax.ImportDef) {
	n.item.fn = nil
	if def.Language != syntax.Python || def.Module == nil || def.Name == nil {
		return
	}
	name := n.item.info.Def.Name
	fn := &function{callee: Callee{Path: n.file.Path, Name: name}, builtin: -1, python: true}
	fn.sig.Name = name
	if w.python != nil {
		if sig, known := w.python(def.Module.Text, def.Name.Text); known {
			fn.sig, n.item.known = sig, true
			fn.sig.Result = fn.sig.Result.doubt(believed)
		}
	}
	n.item.fn = fn
}
