package progen

import (
	"fmt"
	"strings"
)

// expr is an expression of a kind.
func (g *generator) expr(k kind, depth int) string {
	if depth <= 0 || g.one(5) {
		return g.leaf(k)
	}
	if g.one(3) {
		return g.common(k, depth)
	}
	switch k {
	case integer:
		return g.integer(depth)
	case boolean:
		return g.boolean(depth)
	case text:
		return g.string(depth)
	case list:
		return g.list(depth)
	case hash:
		return g.hash(depth)
	}
	return g.lambda(depth)
}

// leaf is a name or a literal.
func (g *generator) leaf(k kind) string {
	if name, ok := g.known(k, readable); ok && !g.one(3) {
		return name
	}
	switch k {
	case integer:
		return g.pick("0", "1", "2", "7", "-3", "100", "2147483647", "9007199254740993", "123456789012345678901234567890")
	case boolean:
		return g.pick("true", "false")
	case text:
		return g.pick(`""`, `"a"`, `"hark"`, `"é\n"`)
	case list:
		return g.pick("[]", "[1, 2, 3]", "range(5)", "[5]")
	case hash:
		return g.pick("{}", `{"a": 1}`, `{"k": 2, "a": 3}`)
	}
	return g.pick("lambda(x) { x + 1 }", "lambda(x) { x * 2 }", "abs")
}

// common is an expression of a form that every kind has.
func (g *generator) common(k kind, depth int) string {
	switch g.IntN(8) {
	case 0:
		return fmt.Sprintf("(if %s %s else %s)", g.expr(boolean, depth-1), g.block(k, depth-1), g.block(k, depth-1))
	case 1:
		return fmt.Sprintf("(if %s { %s } else if %s { %s } else { %s })", g.expr(boolean, depth-1), g.expr(k, depth-1),
			g.expr(boolean, depth-2), g.expr(k, depth-2), g.expr(k, depth-2))
	case 2:
		return fmt.Sprintf("(try %s catch e %s)", g.block(k, depth-1), g.block(k, depth-1))
	case 3:
		if name, ok := g.known(k, assignable); ok {
			return fmt.Sprintf("(%s = %s)", name, g.expr(k, depth-1))
		}
	case 4:
		return fmt.Sprintf("nth([%s, %s], %s)", g.expr(k, depth-1), g.expr(k, depth-1), g.pick("0", "1", "-1"))
	case 5:
		return fmt.Sprintf("get({1: %s, :k: %s}, %s)", g.expr(k, depth-1), g.expr(k, depth-1), g.pick("1", "1.0", ":k"))
	case 6:
		if g.options.Threads {
			return "(await " + g.thread(k, depth) + ")"
		}
	}
	return g.call(k, depth)
}

// call calls one of the functions before, if there is one of the kind, and if it may.
func (g *generator) call(k kind, depth int) string {
	var fit []callable
	for _, f := range g.functions {
		if f.result == k {
			fit = append(fit, f)
		}
	}
	if len(fit) == 0 || g.calls == 0 {
		return g.leaf(k)
	}
	g.calls--
	f := fit[g.IntN(len(fit))]
	args := make([]string, len(f.params))
	for i, p := range f.params {
		args[i] = g.expr(p.kind, depth-2)
	}
	if f.counter {
		args[0] = fmt.Sprint(g.IntN(6))
	}
	if len(args) > 1 && g.one(4) {
		for i, p := range f.params {
			args[i] = ":" + p.name + " (" + args[i] + ")"
		}
		g.Shuffle(len(args), func(i, j int) { args[i], args[j] = args[j], args[i] })
	}
	return fmt.Sprintf("%s(%s)", f.name, strings.Join(args, ", "))
}

// thread is a future of a kind.
func (g *generator) thread(k kind, depth int) string {
	call := g.call(k, depth)
	if !strings.HasPrefix(call, "f") && !strings.HasPrefix(call, "loop") || !strings.HasSuffix(call, ")") {
		call = fmt.Sprintf("nth([%s, %s], 0)", call, g.leaf(k))
	}
	return "async " + call
}

func (g *generator) integer(depth int) string {
	x, y := g.expr(integer, depth-1), g.expr(integer, depth-1)
	switch g.IntN(12) {
	case 0, 1:
		return fmt.Sprintf("(%s %s %s)", x, g.pick("+", "-"), y)
	case 2:
		return fmt.Sprintf("(%s + %s - %s)", x, y, g.expr(integer, depth-2))
	case 3:
		return fmt.Sprintf("((%s) * (%s) %% 10007)", x, y)
	case 4:
		return fmt.Sprintf("(%s %s %s)", x, g.pick("/", "%"), g.pick("3", "7", "-2", "("+y+")"))
	case 5:
		return "-(" + x + ")"
	case 6:
		return "length(" + g.expr(kind(int(text)+g.IntN(3)), depth-1) + ")"
	case 7:
		return fmt.Sprintf("%s(%s)", g.pick("first", "length", "max"), "append("+g.expr(list, depth-1)+", "+x+")")
	case 8:
		return fmt.Sprintf("reduce(lambda(a, b) { a %s b }, %s, %s)", g.pick("+", "-"), g.expr(list, depth-1), x)
	case 9:
		return fmt.Sprintf("%s(%s, %s)", g.pick("min", "max"), x, y)
	case 10:
		return "first(" + g.expr(list, depth-1) + ")"
	}
	return fmt.Sprintf("(%s)(%s)", g.expr(fn, depth-1), x)
}

func (g *generator) boolean(depth int) string {
	switch g.IntN(7) {
	case 0, 1:
		return fmt.Sprintf("(%s %s %s)", g.expr(integer, depth-1), g.pick("<", "<=", ">", ">=", "==", "!="), g.expr(integer, depth-1))
	case 2:
		return fmt.Sprintf("(%s %s %s)", g.expr(boolean, depth-1), g.pick("&&", "||"), g.expr(boolean, depth-1))
	case 3:
		return fmt.Sprintf("(%s && %s || !%s)", g.expr(boolean, depth-1), g.expr(boolean, depth-2), g.expr(boolean, depth-2))
	case 4:
		return "!" + g.expr(boolean, depth-1)
	case 5:
		return fmt.Sprintf("contains(%s, %s)", g.expr(list, depth-1), g.expr(integer, depth-1))
	}
	return fmt.Sprintf("(%s %s %s)", g.expr(text, depth-1), g.pick("==", "<", ">="), g.expr(text, depth-1))
}

func (g *generator) string(depth int) string {
	switch g.IntN(5) {
	case 0:
		return fmt.Sprintf("(%s + %s)", g.expr(text, depth-1), g.leaf(text))
	case 1:
		return "str(" + g.expr(kind(g.IntN(int(fn))), depth-1) + ")"
	case 2:
		return fmt.Sprintf("join([%s, %s], \"-\")", g.leaf(text), g.leaf(text))
	case 3:
		return "upper(" + g.expr(text, depth-1) + ")"
	}
	return fmt.Sprintf("type_of(%s)", g.expr(kind(g.IntN(int(kinds))), depth-1))
}

func (g *generator) list(depth int) string {
	switch g.IntN(8) {
	case 0:
		return fmt.Sprintf("[%s, %s]", g.expr(integer, depth-1), g.expr(integer, depth-1))
	case 1:
		return fmt.Sprintf("append(%s, %s)", g.expr(list, depth-1), g.expr(integer, depth-1))
	case 2:
		return fmt.Sprintf("%s(%s)", g.pick("rest", "reverse", "sort"), g.expr(list, depth-1))
	case 3:
		return fmt.Sprintf("map(%s, %s)", g.expr(fn, depth-1), g.expr(list, depth-1))
	case 4:
		return fmt.Sprintf("filter(lambda(x) { x %s %s }, %s)", g.pick(">", "!=", "<="), g.leaf(integer), g.expr(list, depth-1))
	case 5:
		return fmt.Sprintf("sort_by(%s, %s)", g.expr(fn, depth-1), g.expr(list, depth-1))
	case 6:
		if g.options.Threads && len(g.functions) < 2 {
			return fmt.Sprintf("pmap(%s, %s, %s)", g.expr(fn, depth-1), g.expr(list, depth-1), g.pick("1", "2", "3"))
		}
		return fmt.Sprintf("values(%s)", g.expr(hash, depth-1))
	}
	return fmt.Sprintf("conc(%s, %s)", g.leaf(list), g.expr(list, depth-1))
}

func (g *generator) hash(depth int) string {
	if g.one(3) {
		return fmt.Sprintf("{%s: %s, \"z\": %s}", g.expr(text, depth-1), g.expr(integer, depth-1), g.expr(integer, depth-1))
	}
	return fmt.Sprintf("set(%s, %s, %s)", g.expr(hash, depth-1), g.expr(text, depth-1), g.expr(integer, depth-1))
}

// lambda is a function from Int to Int that captures what it likes.
func (g *generator) lambda(depth int) string {
	param := variable{name: g.name(), kind: integer}
	scope, calls := g.scope, g.calls
	g.scope, g.calls = append(append([]variable(nil), scope...), param), min(calls, 1)
	body := g.body(integer, depth-1)
	g.scope, g.calls = scope, max(0, calls-1)
	if !g.one(4) {
		return fmt.Sprintf("lambda(%s) {\n%s\n}", param.name, body)
	}
	name := g.name()
	return fmt.Sprintf("(%s = lambda(%s) { if %[2]s < 1 || %[2]s > 5 {\n%s\n} else { %[1]s(%[2]s - 1) } })", name, param.name, body)
}
