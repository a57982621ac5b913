package types

import (
	"slices"

	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/compiler/syntax"
	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// callInfo is a call while its types are found.
type callInfo struct {
	*syntax.Call
	// spawned: it is the operand of async, so that its errors are those of another thread.
	spawned bool
	// args are the types of the arguments as written, slots their parameters if they are not in order.
	args  []Type
	slots []int
	// later are the lambdas among the arguments that are looked at when it is known what they are called with.
	later []laterLambda
	// result is the type of the call, threads are the functions that it may call.
	result  Type
	threads []Callee
	// end is why it never returns, if it does not.
	end end
}

// laterLambda is an argument that is a lambda.
type laterLambda struct {
	arg      int
	lambda   *syntax.Lambda
	captures []Type
}

// call finds the types of a call: of the callee, then of the arguments, then of what it gives.
func (in *inferrer) call(f *frame, e *syntax.Call, spawned bool) *callInfo {
	c := in.newCall()
	c.Call, c.spawned, c.slots = e, spawned, in.info.Slots(e)
	id, named := e.Callee.(*syntax.Ident)
	var b *resolve.Binding
	if named {
		b = in.info.Binding(id)
	}
	switch {
	case b != nil && b.Kind == resolve.Builtin:
		in.note(id, builtinValues[b.Index])
		in.builtinCall(f, c, b.Index)
	case b != nil && b.Kind == resolve.Function:
		in.note(id, in.value(b))
		in.functionCall(f, c, b)
	case b != nil && b.Kind == resolve.Import:
		in.note(id, in.value(b))
		in.pythonCall(f, c, b)
	default:
		in.valueCall(f, c)
	}
	if c.result.IsNever() && !spawned {
		f.pathEnds()
		f.leave(c.end)
	}
	return c
}

// newCall is an empty one: one that is done, if there is one.
func (in *inferrer) newCall() *callInfo {
	if n := len(in.free); n > 0 {
		c := in.free[n-1]
		in.free = in.free[:n-1]
		*c = callInfo{args: c.args[:0], later: c.later[:0]}
		return c
	}
	return &callInfo{}
}

// done gives a call back for use by another one; nothing of it may be used any more.
func (in *inferrer) done(c *callInfo) { in.free = append(in.free, c) }

// arguments finds the types of the arguments; expects says of which the lambdas are looked at later.
func (in *inferrer) arguments(f *frame, c *callInfo, expects func(param int) bool) {
	for i, arg := range c.Args {
		c.args = append(c.args, Any)
		lambda, ok := syntax.Unparen(arg.Value).(*syntax.Lambda)
		if ok && expects != nil && expects(c.slot(i)) {
			c.later = append(c.later, laterLambda{i, lambda, in.capture(f, lambda)})
			c.args[i] = of(Function)
			continue
		}
		c.args[i] = in.expr(f, arg.Value)
	}
}

// slot is the parameter of an argument.
func (c *callInfo) slot(arg int) int {
	if arg < len(c.slots) {
		return c.slots[arg]
	}
	return arg
}

// ordered are the types of the arguments in the order of the parameters.
func (c *callInfo) ordered() []Type {
	if c.slots == nil {
		return c.args
	}
	all := make([]Type, len(c.args))
	for i, t := range c.args {
		if slot := c.slot(i); slot < len(all) {
			all[slot] = t
		}
	}
	return all
}

// lambdaNow finds the types of a lambda that had to wait, and of the parentheses around it.
func (in *inferrer) lambdaNow(f *frame, c *callInfo, l laterLambda, expected []Type) {
	t := in.lambda(f, l.lambda, l.captures, expected)
	in.noteParens(c.Args[l.arg].Value, t)
	c.args[l.arg] = t
}

// noteParens keeps the type of an expression and of what is in its parentheses.
func (in *inferrer) noteParens(e syntax.Expr, t Type) {
	in.note(e, t)
	for p, ok := e.(*syntax.Paren); ok; p, ok = e.(*syntax.Paren) {
		e = p.Inner
		in.note(e, t)
	}
}

func (in *inferrer) builtinCall(f *frame, c *callInfo, index int) {
	in.arguments(f, c, nil)
	builtin := &bytecode.Builtins[index]
	if c.spawned {
		c.threads = []Callee{{Name: builtin.Name}}
	}
	args := c.ordered()
	if !builtin.Accepts(len(args)) {
		return
	}
	in.builtinCheck(f, c, builtin.Name)
	switch {
	case slices.ContainsFunc(args, Type.IsNever):
		c.result = never
	case builtin.Name == "get" || builtin.Name == "set":
		c.result = returning(in.keyed(c, builtin.Name, args))
	case builtin.Name == "signal" && in.raises(c):
		c.result, c.end = never, end{raised: true, told: true}
	default:
		c.result = returning(builtinResult(index, args, in.fuel()))
	}
}

// returning is a result that there is unless the call faults, of which enough is said elsewhere: what follows is looked at as well.
func returning(t Type) Type {
	if t.IsNever() {
		return Any
	}
	return t
}

// fuel is that for the work of one call.
func (in *inferrer) fuel() *fuel {
	in.left = fuel{callFuel}
	return &in.left
}

// argument is the argument for a parameter, nil if there is none.
func (c *callInfo) argument(param int) syntax.Expr {
	for i, arg := range c.Args {
		if c.slot(i) == param {
			return arg.Value
		}
	}
	return nil
}

// raises says whether a call of signal certainly raises.
func (in *inferrer) raises(c *callInfo) bool {
	kind, ok := syntax.Unparen(c.argument(0)).(*syntax.StringLit)
	return ok && kind.Value == "error"
}

// keyed is what get or set gives, where the key may be known.
func (in *inferrer) keyed(c *callInfo, name string, args []Type) Type {
	key, constant := syntax.Unparen(c.argument(1)).(*syntax.StringLit)
	switch {
	case name == "get" && constant:
		return fieldType(restrict(args[0], Hash), key.Value)
	case name == "get":
		return getType(restrict(args[0], Hash))
	case constant:
		return changed(restrict(args[0], Hash), key.Value, true, args[1], args[2])
	}
	return changed(restrict(args[0], Hash), "", false, args[1], args[2])
}

// functionCall is a call of a function of Hark by its name.
func (in *inferrer) functionCall(f *frame, c *callInfo, b *resolve.Binding) {
	key := named(b)
	if c.spawned {
		c.threads = []Callee{{Path: key.path, Name: key.name}}
	}
	if b.Def.Target.Prelude && preludeSignatures[key.name] != nil {
		in.genericCall(f, c, preludeSignatures[key.name])
		return
	}
	fn := in.function(key)
	if fn == nil {
		in.arguments(f, c, nil)
		return
	}
	in.arguments(f, c, func(param int) bool {
		return param < len(fn.sig.Params) && fn.sig.Params[param].Type.Kinds().Within(Function)
	})
	for _, l := range c.later {
		in.lambdaNow(f, c, l, believedParams(fn.sig.Params[c.slot(l.arg)].Type))
	}
	args := c.ordered()
	if len(args) != len(fn.sig.Params) {
		return
	}
	in.recurs(f, c, key)
	in.annotatedArguments(f, c, key, fn)
	in.neededArguments(f, c, fn)
	if fn.sig.Result.IsNever() || slices.ContainsFunc(args, Type.IsNever) {
		c.result, c.end = never, end{raised: fn.raises}
		return
	}
	c.result = returning(crossing(fn.call(args, in.fuel()), fn, args))
}

// believedParams are the types that an annotation "Fn[A, R]" says a function is called with.
func believedParams(t Type) []Type {
	fns := t.functions()
	if len(fns) != 1 {
		return nil
	}
	all := make([]Type, len(fns[0].sig.Params))
	for i, p := range fns[0].sig.Params {
		if all[i] = p.Type; !all[i].unknown() {
			all[i] = all[i].doubt(believed)
		}
	}
	return all
}

// crossing is a result as the caller sees it: what rests on the annotations of the function's parameters holds for arguments that are
// within them, and is believed of others.
func crossing(result Type, fn *function, args []Type) Type {
	if result.trust&assumed == 0 {
		return result
	}
	result.trust &^= assumed
	for i, p := range fn.sig.Params {
		if !p.Type.unknown() && (args[i].trust != 0 || !within(args[i], p.Type)) {
			result.trust |= believed
		}
	}
	return result
}

// genericCall is a call of a function of the prelude whose types depend on each other.
func (in *inferrer) genericCall(f *frame, c *callInfo, g generic) {
	o := &g[0]
	takes := o.takes(len(c.Args))
	in.arguments(f, c, func(param int) bool { return takes && o.isFunction(param) })
	if !takes {
		for _, l := range c.later {
			in.lambdaNow(f, c, l, nil)
		}
		return
	}
	in.laterLambdas(f, c, o)
	in.genericCheck(f, c, o.sig.Name)
	in.constantCheck(f, c, o.sig.Name)
	in.recursThrough(f, c, o.sig.Name)
	args := c.ordered()
	switch {
	case slices.ContainsFunc(args, Type.IsNever):
		c.result = never
	case o.sig.Name == "await_all":
		c.result = returning(awaited(restrict(args[0], List)))
	case o.sig.Name == "map_async":
		c.result = in.mapAsync(args)
	default:
		c.result = returning(g.result(args, in.fuel()))
	}
}

// mapAsync is a List of futures of which it is known what their threads run.
func (in *inferrer) mapAsync(args []Type) Type {
	value := call(restrict(args[0], Function), []Type{elementType(args[1])}, in.fuel())
	return listOf(futureOf(settled(value), args[0].callees()))
}

// laterLambdas finds the types of the lambdas that had to wait for what they are called with, which may depend on what they give.
func (in *inferrer) laterLambdas(f *frame, c *callInfo, o *overload) {
	if len(c.later) == 0 {
		return
	}
	l := c.later[0]
	pattern := o.param(c.slot(l.arg)).parts.fns[0]
	letters := make([]Type, len(o.letters))
	for i := range letters {
		letters[i] = never
	}
	o.plain(c.ordered(), letters, in.fuel())
	findings, doubts := len(in.out.findings), len(in.out.doubts)
	for round := 0; ; round++ {
		in.out.findings, in.out.doubts = in.out.findings[:findings], in.out.doubts[:doubts]
		expected := o.paramsOf(pattern, letters, in.fuel())
		if round > maxRounds || in.rounds > maxNestedRounds {
			expected = nil
		}
		in.rounds++
		in.lambdaNow(f, c, l, expected)
		in.rounds--
		before := slices.Clone(letters)
		o.unify(o.param(c.slot(l.arg)), c.args[l.arg], letters, in.fuel())
		if expected == nil || slices.EqualFunc(before, letters, equal) || !o.cyclic(pattern) {
			return
		}
	}
}

// cyclic says whether what a function gives is of the type of something that it takes.
func (o *overload) cyclic(fn *function) bool {
	result := fn.sig.Result.vars()
	return len(result) > 0 && slices.ContainsFunc(fn.sig.Params, func(p Param) bool {
		return len(p.Type.vars()) > 0 && p.Type.vars()[0].same(result[0], nil)
	})
}

// valueCall is a call of a function that is a value.
func (in *inferrer) valueCall(f *frame, c *callInfo) {
	var t Type
	if lambda, ok := syntax.Unparen(c.Callee).(*syntax.Lambda); ok && !anyNamed(c.Call) {
		captures := in.capture(f, lambda)
		in.arguments(f, c, nil)
		t = in.lambda(f, lambda, captures, c.args)
		in.noteParens(c.Callee, t)
	} else {
		t = in.expr(f, c.Callee)
		in.arguments(f, c, nil)
	}
	in.callable(f, c, t)
	if c.spawned {
		c.threads = t.callees()
	}
	args := c.args
	if anyNamed(c.Call) {
		if args = byName(c, t); args == nil {
			return
		}
	}
	switch {
	case t.IsNever() || slices.ContainsFunc(args, Type.IsNever):
		c.result, c.end = never, end{raised: t.alwaysRaise()}
	case !t.Kinds().Has(Function):
		c.result = Any
	default:
		c.result, c.end = call(restrict(t, Function), args, in.fuel()), end{raised: t.alwaysRaise()}
		if !t.raises() {
			c.result = returning(c.result)
		}
	}
}

// raises says whether a call of the function never returns, whichever it is.
func (t Type) raises() bool {
	fns := t.functions()
	return len(fns) > 0 && !slices.ContainsFunc(fns, func(fn *function) bool { return !fn.sig.Result.IsNever() })
}

func anyNamed(e *syntax.Call) bool {
	return slices.ContainsFunc(e.Args, func(arg *syntax.Arg) bool { return arg.Name != nil })
}

// byName are the arguments in the order of the parameters of the only function that is called; nil if that is not known.
func byName(c *callInfo, t Type) []Type {
	fns := t.functions()
	if len(fns) != 1 || len(fns[0].sig.Params) != len(c.Args) {
		return nil
	}
	all := make([]Type, len(c.args))
	for i, arg := range c.Args {
		slot := i
		if arg.Name != nil {
			slot = slices.IndexFunc(fns[0].sig.Params, func(p Param) bool { return p.Name == arg.Name.Text })
		}
		if slot < 0 {
			return nil
		}
		all[slot] = c.args[i]
	}
	return all
}

// async is the future of a thread that runs a call.
func (in *inferrer) async(f *frame, e *syntax.Async) Type {
	operand, ok := syntax.Unparen(e.Operand).(*syntax.Call)
	if !ok {
		in.expr(f, e.Operand)
		return of(Future)
	}
	c := in.call(f, operand, true)
	for inner := e.Operand; inner != operand; inner = inner.(*syntax.Paren).Inner {
		in.note(inner, c.result)
	}
	in.note(operand, c.result)
	t := futureOf(settled(c.result), c.threads)
	in.done(c)
	return t
}

func (in *inferrer) await(f *frame, e *syntax.Await) Type {
	in.awaits++
	t := in.expr(f, e.Operand)
	in.awaitOfNone(f, e, t)
	value := awaited(t)
	if value.IsNever() {
		f.pathEnds()
		f.leave(end{raised: in.threadsRaise(t)})
	}
	return value
}
