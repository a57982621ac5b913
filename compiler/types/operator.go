package types

import "github.com/hark-lang/hark-ls/compiler/syntax"

// binary finds the type of a chain of operators.
func (in *inferrer) binary(f *frame, e *syntax.Binary) Type {
	var some [8]*syntax.Binary
	chain := syntax.Spine(some[:0], e)
	t := in.expr(f, chain[0].X)
	for _, e := range chain {
		if e.Op == syntax.AndAnd || e.Op == syntax.OrOr {
			t = in.logic(f, e, t)
		} else {
			t = in.operator(f, e, t, in.expr(f, e.Y))
		}
		in.note(e, t)
	}
	return t
}

// logic is "x && y" or "x || y", of which the right side may be left out.
func (in *inferrer) logic(f *frame, e *syntax.Binary, x Type) Type {
	in.boolean(f, e, e.X, x)
	before := in.save(f)
	in.narrow(f, e.X, e.Op == syntax.AndAnd)
	in.boolean(f, e, e.Y, in.expr(f, e.Y))
	f.merge(&before)
	f.restore(before)
	in.release(before)
	return of(Bool)
}

func (in *inferrer) operator(f *frame, e *syntax.Binary, x, y Type) Type {
	switch e.Op {
	case syntax.Equal, syntax.NotEq:
		in.comparedFuture(f, e, x, y)
		return of(Bool)
	case syntax.Less, syntax.More, syntax.LessEq, syntax.MoreEq:
		in.operands(f, e, x, y, ordered)
		return of(Bool)
	case syntax.Plus:
		in.operands(f, e, x, y, added)
		return sum(x, y)
	}
	in.operands(f, e, x, y, computed)
	in.divisor(f, e, x)
	return arithmetic(x, y)
}

func (in *inferrer) unary(f *frame, e *syntax.Unary) Type {
	t := in.expr(f, e.X)
	if e.Op == syntax.Not {
		in.condition(f, e.X, t)
		return of(Bool)
	}
	in.negated(f, e, t)
	if !t.IsNever() && !t.Kinds().Has(number) {
		return mixed(of(number))
	}
	return restrict(t, number)
}

// arithmetic is the type of an operation of two numbers.
func arithmetic(x, y Type) Type {
	a, b := x.Kinds()&number, y.Kinds()&number
	trust := (x.trust | y.trust) &^ loose
	switch {
	case x.IsNever() || y.IsNever():
		return never
	case a == 0 || b == 0:
		return mixed(of(number))
	case a == Float || b == Float:
		return of(Float).doubt(trust)
	case a == Int:
		return restrict(y, number).doubt(trust)
	case b == Int:
		return restrict(x, number).doubt(trust)
	}
	return join(restrict(x, number), restrict(y, number)).doubt(loose)
}

// sum is the type of "x + y": of numbers, Strings or Lists.
func sum(x, y Type) Type {
	if x.IsNever() || y.IsNever() {
		return never
	}
	result := never
	a, b := x.Kinds(), y.Kinds()
	if a.Has(number) && b.Has(number) {
		result = join(result, arithmetic(x, y))
	}
	if a.Has(String) && b.Has(String) {
		result = join(result, either(x, y, String))
	}
	if a.Has(List) && b.Has(List) {
		result = join(result, sumOfLists(x, y))
	}
	if result.IsNever() {
		return Any
	}
	if uncertain(x) && uncertain(y) {
		result = result.doubt(loose)
	}
	return result.doubt((x.trust | y.trust) &^ loose)
}

// uncertain says whether a type leaves open of which kind a sum of it is.
func uncertain(t Type) bool { return t.unknown() || t.trust&loose != 0 || len(t.vars()) > 0 }

// either is of a kind, if that is certain of one of the two; else it depends on both.
func either(x, y Type, k Kinds) Type {
	if x.Kinds() == k || y.Kinds() == k || len(x.vars()) == 0 && len(y.vars()) == 0 {
		return of(k)
	}
	return join(restrict(x, k), restrict(y, k))
}

func sumOfLists(x, y Type) Type {
	if x.Kinds() == List || y.Kinds() == List {
		return concatenated(x, y)
	}
	return join(restrict(x, List), restrict(y, List))
}
