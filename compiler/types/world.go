package types

import (
	"slices"

	"github.com/hark-lang/hark-ls/compiler/diag"
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
	layout  *layout
	// shown says of which files what is known of expressions is kept.
	shown func(path string) bool
	in    inferrer // what it has to remember by is used for one item after the other
	// dirty: something is not what it was earlier.
	dirty bool
}

// node is an item in the graph of what uses what.
type node struct {
	file  *resolve.File
	index int
	item  *Item
	// changed: what others see of it is not what it was earlier. done: its facts are those of earlier. quiet: see Item.quiet.
	changed, done, quiet bool
	was                  int // its number in the earlier layout, if it is done
}

// layout is the graph of what uses what. It stays the same while only bodies are edited, and calls in them stay the same.
type layout struct {
	// first has the number of the first item of each file.
	first map[string]int
	// edges has, for each item, the number of each of its uses, -1 for what is not there.
	edges [][]int32
	// groups are the items that use each other in circles, or do not, each after those that it uses.
	groups [][]int32
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

// named is the name that a binding of kind Function or Import stands for.
func named(b *resolve.Binding) key {
	return key{b.Def.Target.Path, b.Def.Target.Name}
}

// find is the number of the item that defines a name, -1 if there is none.
func (w *world) find(k key) int {
	first, ok := w.layout.first[k.path]
	if !ok {
		return -1
	}
	item := w.nodes[first].file.Scope.Item(k.name)
	if item < 0 {
		return -1
	}
	return first + item
}

// fewUses is how many uses of an item are searched one by one.
const fewUses = 24

// function is what is known of a function of Hark or Python that the item uses; nil if nothing.
func (in *inferrer) function(k key) *function {
	if used := in.used(k); used != nil {
		return used.fn
	}
	return nil
}

// used is what is known of an item that the item uses; nil if nothing.
func (in *inferrer) used(k key) *Item {
	if in.world == nil {
		return in.facts.find(k)
	}
	at := in.use(k)
	if at < 0 || in.edges[at] < 0 {
		return nil
	}
	return in.world.nodes[in.edges[at]].item
}

func (in *inferrer) use(k key) int {
	if len(in.out.uses) <= fewUses {
		return slices.Index(in.out.uses, k)
	}
	if in.index == nil {
		in.index = make(map[key]int, len(in.out.uses))
		for i, used := range in.out.uses {
			in.index[used] = i
		}
	}
	if at, ok := in.index[k]; ok {
		return at
	}
	return -1
}

// value is the type of a function of a file as a value.
func (in *inferrer) value(b *resolve.Binding) Type {
	if fn := in.function(named(b)); fn != nil {
		return fn.value
	}
	return of(Function)
}

// importItem is what is known of an import: of a Python function, its signature.
func (w *world) importItem(n *node, def *syntax.ImportDef) {
	n.item.fn = nil
	n.item.longTimeout(def.Attrs)
	if def.Language != syntax.Python || def.Module == nil || def.Name == nil || n.item.info.Def == nil {
		return
	}
	if n.item.info.Def == nil {
		return
	}
	name := n.item.info.Def.Name
	fn := &function{callee: Callee{Path: n.file.Path, Name: name}, builtin: -1, python: true, count: countOf(def)}
	fn.sig.Name = name
	if w.python != nil {
		if sig, known := w.python(def.Module.Text, def.Name.Text); known {
			fn.sig, fn.signed = sig, true
			fn.sig.Name = name
			w.pythonResult(n, def, fn)
		}
	}
	n.item.publish(fn)
}

// pythonResult is the result of a Python function by its annotation, which nothing holds it to.
func (w *world) pythonResult(n *node, def *syntax.ImportDef, fn *function) {
	result := fn.sig.Result
	if !result.IsNever() {
		fn.sig.Result = result.doubt(believed)
		return
	}
	if fn.sig.Result = Any; result.trust&believed != 0 {
		p := finding{Diagnostic: diag.New(diag.PythonResult, "'"+fn.sig.Name+"' is annotated as giving a value that cannot cross to Hark")}
		p.Span = def.Name.Span()
		n.item.findings = append(n.item.findings, p)
	}
}
