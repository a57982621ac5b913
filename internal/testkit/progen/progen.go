// Package progen writes random Hark programs for tests: of the generator, of the machine that stops anywhere, of the simulator,
// of the debugger. Only tests import it.
//
// A program is made of functions that call only those before them, and of loops whose counters are small, so that it ends. Its
// expressions have types, so that most programs end with a value; what may fail (an element of an empty List, a division by a
// number that may be zero, a name that may not have been assigned) does so rarely, and is often in a try block.
//
// The same seed always gives the same text.
package progen

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// Options say how large programs are, and what they do.
type Options struct {
	// Functions is the number of functions before main; 0 means 5.
	Functions int
	// Depth is how deep expressions are nested; 0 means 4.
	Depth int
	// Threads: the program starts threads and awaits them.
	Threads bool
	// Output: the program prints.
	Output bool
}

// Program is the program of a seed. Its entry is main, which takes nothing.
func Program(seed uint64, options Options) string {
	if options.Functions == 0 {
		options.Functions = 5
	}
	if options.Depth == 0 {
		options.Depth = 4
	}
	g := &generator{Rand: rand.New(rand.NewPCG(seed, 0x6861726b)), options: options}
	for i := range options.Functions {
		if g.one(3) {
			g.loop(i)
		} else {
			g.function(i)
		}
	}
	g.main()
	return g.text.String()
}

// kind is the type of an expression.
type kind int

const (
	integer kind = iota
	boolean
	text
	list // of Ints
	hash // from Strings to Ints
	fn   // from Int to Int
	kinds
)

var kindNames = [kinds]string{"Int", "Bool", "String", "List[Int]", "Hash[String, Int]", "Fn[Int, Int]"}

type variable struct {
	name string
	kind kind
	// counter: a loop ends by it, so that nothing else may assign it.
	counter bool
}

// callable is a function that is there already.
type callable struct {
	name   string
	params []variable
	result kind
	// counter: the first parameter is a number of turns.
	counter bool
}

type generator struct {
	*rand.Rand
	options   Options
	text      strings.Builder
	functions []callable
	scope     []variable
	// names numbers the names of the function.
	names int
	// calls is how many more calls of functions the function may have, as they multiply.
	calls int
}

func (g *generator) one(in int) bool { return g.IntN(in) == 0 }

func (g *generator) name() string {
	g.names++
	return fmt.Sprintf("v%d", g.names)
}

// params invents parameters and makes them the scope.
func (g *generator) params(first ...variable) []variable {
	g.calls = 3
	params := first
	for range g.IntN(4) {
		params = append(params, variable{name: g.name(), kind: kind(g.IntN(int(fn)))})
	}
	if g.one(4) {
		params = append(params, variable{name: g.name(), kind: fn})
	}
	g.scope = append([]variable(nil), params...)
	return params
}

// header writes "fn name(params)", here and there with types.
func (g *generator) header(name string, params []variable, result kind) {
	typed := g.one(2)
	parts := make([]string, len(params))
	for i, p := range params {
		parts[i] = p.name
		if typed {
			parts[i] += ": " + kindNames[p.kind]
		}
	}
	fmt.Fprintf(&g.text, "fn %s(%s)", name, strings.Join(parts, ", "))
	if typed {
		fmt.Fprintf(&g.text, " -> %s", kindNames[result])
	}
}

func (g *generator) function(i int) {
	name, result := fmt.Sprintf("f%d", i), kind(g.IntN(int(kinds)))
	g.names = 0
	params := g.params()
	g.header(name, params, result)
	fmt.Fprintf(&g.text, " %s\n\n", g.block(result, g.options.Depth))
	g.functions = append(g.functions, callable{name: name, params: params, result: result})
}

// loop writes a function that calls itself in tail position until its counter is used up.
func (g *generator) loop(i int) {
	name, result := fmt.Sprintf("loop%d", i), kind(g.IntN(int(kinds)))
	g.names = 0
	counter := variable{g.name(), integer, true}
	params := g.params(counter, variable{name: "acc", kind: result})
	g.calls = 1
	g.header(name, params, result)
	args := []string{counter.name + " - 1", g.expr(result, g.options.Depth-1)}
	for j := 2; j < len(params); j++ {
		args = append(args, g.next(params, j))
	}
	stop := g.pick(counter.name+" < 1", counter.name+" <= 0", "!("+counter.name+" > 0)")
	fmt.Fprintf(&g.text, " {\n  if %s { acc } else {\n%s    %s(%s)\n  }\n}\n\n",
		stop, g.statements(1, g.options.Depth-1), name, strings.Join(args, ", "))
	g.functions = append(g.functions, callable{name: name, params: params, result: result, counter: true})
}

// next is what a loop passes on for its parameter j: itself, another one of the same kind, or something new.
func (g *generator) next(params []variable, j int) string {
	other := params[g.IntN(len(params))]
	switch {
	case g.one(3):
		return params[j].name
	case other.kind == params[j].kind && g.one(2):
		return other.name
	}
	return g.expr(params[j].kind, g.options.Depth-2)
}

func (g *generator) main() {
	g.names, g.calls, g.scope = 0, 8, nil
	g.text.WriteString("fn main() {\n")
	g.text.WriteString(g.statements(4, g.options.Depth))
	results := make([]string, 3)
	for i := range results {
		results[i] = g.expr(kind(g.IntN(int(fn))), g.options.Depth)
	}
	fmt.Fprintf(&g.text, "  [%s]\n}\n", strings.Join(results, ", "))
}

// block is a block with a value.
func (g *generator) block(k kind, depth int) string { return "{\n" + g.body(k, depth) + "\n}" }

// body is what stands in such a block.
func (g *generator) body(k kind, depth int) string {
	scope := len(g.scope)
	before := g.statements(g.IntN(3), depth-1)
	value := g.expr(k, depth)
	g.scope = g.scope[:scope]
	return before + value
}

// statements are expressions before the last one of a block, each with its ";".
func (g *generator) statements(n, depth int) string {
	var b strings.Builder
	for range n {
		b.WriteString("    " + g.statement(depth) + ";\n")
	}
	return b.String()
}

func (g *generator) statement(depth int) string {
	k := kind(g.IntN(int(kinds)))
	switch g.IntN(6) {
	case 0:
		if g.options.Output {
			return "print(" + g.expr(k, depth) + ")"
		}
	case 1:
		if old, ok := g.known(k, assignable); ok {
			return old + " = " + g.expr(k, depth)
		}
	case 2:
		return g.maybe(k, depth)
	}
	value := g.expr(k, depth)
	v := variable{name: g.name(), kind: k}
	g.scope = append(g.scope, v)
	return v.name + " = " + value
}

// maybe assigns a name on one of two ways only, and then uses it where that may fail.
func (g *generator) maybe(k kind, depth int) string {
	condition, value := g.expr(boolean, depth-1), g.expr(k, depth-1)
	unsure, sure := g.name(), g.name()
	instead := g.expr(k, depth-1)
	g.scope = append(g.scope, variable{name: sure, kind: k})
	return fmt.Sprintf("if %s { %s = %s };\n    %s = try { %s } catch e { %s }", condition, unsure, value, sure, unsure, instead)
}

func readable(variable) bool { return true }

// assignable: not a counter; nor a function, as a lambda that uses the name that it is assigned to calls itself.
func assignable(v variable) bool { return !v.counter && v.kind != fn }

// known is a name in scope of a kind.
func (g *generator) known(k kind, fit func(variable) bool) (string, bool) {
	var names []string
	for _, v := range g.scope {
		if v.kind == k && fit(v) {
			names = append(names, v.name)
		}
	}
	if len(names) == 0 {
		return "", false
	}
	return names[g.IntN(len(names))], true
}

func (g *generator) pick(choices ...string) string { return choices[g.IntN(len(choices))] }
