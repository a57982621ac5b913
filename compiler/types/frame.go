package types

import (
	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/compiler/syntax"
	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// frame is a function while its types are found: forward, in the order of evaluation, with the types that the names have at the
// moment. There are no loops, so that one pass is enough.
type frame struct {
	fn *resolve.Func
	// locals are the types of the names now, of the captured ones after the function's own: never for one without a value.
	locals []Type
	// self is the running lambda.
	self Type
	// dead: what follows is never reached. end says why.
	dead  bool
	end   end
	again recursion
	// ends are the ends that the function has: before a call that waits, and before the start of a thread in the circle.
	ends recursion
	// tries is the number of try blocks around, those of enclosing functions included: an error there may be meant.
	tries int
	// handlers have, for each try block around, the types that its catch may find the names to have.
	handlers [][]Type
}

// captured is where the type of a captured name is.
func (f *frame) captured(index int) int { return len(f.fn.Locals) + index }

// assign gives a local its type.
func (f *frame) assign(slot int, t Type) {
	f.locals[slot] = t
	for _, handler := range f.handlers {
		handler[slot] = join(handler[slot], t)
	}
}

// branch keeps the state that branches come back to.
type branch struct {
	locals []Type
	dead   bool
	end    end
	again  recursion
}

func (in *inferrer) save(f *frame) branch {
	at := len(in.saved)
	in.saved = append(in.saved, f.locals...)
	return branch{in.saved[at:len(in.saved):len(in.saved)], f.dead, f.end, f.again}
}

// restore makes the state that was kept the one that is; it is kept on.
func (f *frame) restore(b branch) {
	copy(f.locals, b.locals)
	f.dead, f.end, f.again = b.dead, b.end, b.again
}

// release forgets what was kept, and what was kept after it.
func (in *inferrer) release(b branch) { in.saved = in.saved[:len(in.saved)-len(b.locals)] }

// merge joins the state that is into a kept one; where one of them is never reached, the other one counts.
func (f *frame) merge(b *branch) {
	switch {
	case f.dead:
		if b.dead {
			b.end = b.end.both(f.end)
		}
		return
	case b.dead:
		copy(b.locals, f.locals)
		b.dead, b.again = false, f.again
		return
	}
	b.again = b.again.both(f.again)
	for i := range f.locals {
		b.locals[i] = join(b.locals[i], f.locals[i])
	}
}

// narrow takes over what a condition says of the names in it, if it holds or if it does not.
func (in *inferrer) narrow(f *frame, cond syntax.Expr, holds bool) {
	switch e := syntax.Unparen(cond).(type) {
	case *syntax.BoolLit:
		if e.Value != holds {
			f.leave(end{raised: true})
		}
	case *syntax.Ident:
		if holds {
			in.only(f, e, AnyKind&^Null)
		} else {
			in.only(f, e, Null|Bool)
		}
	case *syntax.Assign:
		if slot := in.slot(e.Name); slot >= 0 {
			k := AnyKind &^ Null
			if !holds {
				k = Null | Bool
			}
			f.locals[slot] = narrowed(f.locals[slot], k)
		}
	case *syntax.Unary:
		if e.Op == syntax.Not {
			in.narrow(f, e.X, !holds)
		}
	case *syntax.Call:
		in.narrowCall(f, e, holds)
	case *syntax.Binary:
		in.narrowBinary(f, e, holds)
	}
}

func (in *inferrer) narrowBinary(f *frame, e *syntax.Binary, holds bool) {
	switch {
	case e.Op == syntax.AndAnd && holds, e.Op == syntax.OrOr && !holds:
		in.narrowChain(f, e, holds)
	case e.Op == syntax.Equal || e.Op == syntax.NotEq:
		same := holds == (e.Op == syntax.Equal)
		in.narrowEqual(f, e.X, e.Y, same)
		in.narrowEqual(f, e.Y, e.X, same)
	}
}

// longestChain is how many operands of a chain of && or || are taken over, the last ones.
const longestChain = 16

// narrowChain takes over each of the operands of a chain.
func (in *inferrer) narrowChain(f *frame, e *syntax.Binary, holds bool) {
	for range longestChain {
		in.narrow(f, e.Y, holds)
		left, ok := e.X.(*syntax.Binary)
		if !ok || left.Op != e.Op {
			in.narrow(f, e.X, holds)
			return
		}
		e = left
	}
}

// narrowEqual takes over that x is, or is not, equal to a constant: null, or the name of a type where x is type_of of a name.
func (in *inferrer) narrowEqual(f *frame, x, constant syntax.Expr, same bool) {
	switch c := syntax.Unparen(constant).(type) {
	case *syntax.NullLit:
		if id, ok := syntax.Unparen(x).(*syntax.Ident); ok {
			in.only(f, id, choose(Null, same))
		}
	case *syntax.StringLit:
		call, ok := syntax.Unparen(x).(*syntax.Call)
		kind := kindNamed(c.Value)
		if !ok || len(call.Args) != 1 || in.builtinName(call.Callee) != "type_of" || kind == 0 {
			return
		}
		if id, ok := syntax.Unparen(call.Args[0].Value).(*syntax.Ident); ok {
			in.only(f, id, choose(kind, same))
		}
	}
}

// kindNamed is the kind that type_of calls so, none if there is none.
func kindNamed(name string) Kinds {
	if name == "Function" {
		return Function
	}
	if k := plainNames[name]; k != Function {
		return k
	}
	return 0
}

func choose(k Kinds, holds bool) Kinds {
	if holds {
		return k
	}
	return AnyKind &^ k
}

func (in *inferrer) narrowCall(f *frame, e *syntax.Call, holds bool) {
	if len(e.Args) != 1 {
		return
	}
	id, ok := syntax.Unparen(e.Args[0].Value).(*syntax.Ident)
	if !ok {
		return
	}
	switch in.builtinName(e.Callee) {
	case "nullp":
		if holds {
			in.only(f, id, Null|List|String|Hash)
		} else {
			in.only(f, id, AnyKind&^Null)
		}
	case "atomp":
		in.only(f, id, choose(List, !holds))
	}
}

// builtinName is the name of the builtin that an expression names, "" if it names none.
func (in *inferrer) builtinName(e syntax.Expr) string {
	id, ok := e.(*syntax.Ident)
	if !ok {
		return ""
	}
	if b := in.info.Binding(id); b != nil && b.Kind == resolve.Builtin {
		return bytecode.Builtins[b.Index].Name
	}
	return ""
}

// only takes over that a name has a value of some kinds.
func (in *inferrer) only(f *frame, id *syntax.Ident, k Kinds) {
	b := in.info.Binding(id)
	switch {
	case b == nil || b.Outer != nil:
	case b.Kind == resolve.Local:
		f.locals[b.Index] = narrowed(f.locals[b.Index], k)
	case b.Kind == resolve.Capture:
		f.locals[f.captured(b.Index)] = narrowed(f.locals[f.captured(b.Index)], k)
	}
}

// narrowed is the type as far as it is of some kinds. Where that would be nothing, the place is not reached, unless the type rests on
// an annotation that does not hold.
func narrowed(t Type, k Kinds) Type {
	if t.IsNever() {
		return t
	}
	n := restrict(t, k)
	switch {
	case !n.IsNever():
		return n
	case t.trust&(assumed|believed) != 0:
		return of(k).doubt(t.trust | loose)
	}
	return t
}
