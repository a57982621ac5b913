package resolve_test

import (
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/compiler/syntax"
)

// block, expr and what they call say whether the walk goes on; it does not where an error is raised.

func (w *walker) block(s *scope, b *syntax.Block) bool {
	for _, e := range b.Exprs {
		for _, span := range w.dead {
			require.False(w.t, span[0] <= e.Span().Start && e.Span().End <= span[1], "%d is reached:\n%s", e.Span().Start, w.text)
		}
		if !w.expr(s, e) {
			return false
		}
	}
	return true
}

func (w *walker) expr(s *scope, e syntax.Expr) bool {
	switch e := e.(type) {
	case *syntax.Ident:
		return w.ident(s, e)
	case *syntax.Assign:
		return w.assign(s, e)
	case *syntax.Call:
		return w.call(s, e)
	case *syntax.Paren:
		return w.expr(s, e.Inner)
	case *syntax.Binary:
		return w.expr(s, e.X) && (w.rng.IntN(2) == 0 || w.expr(s, e.Y))
	case *syntax.If:
		for _, arm := range e.Arms {
			if !w.expr(s, arm.Cond) {
				return false
			}
			if w.rng.IntN(2) == 0 {
				return w.block(s, arm.Then)
			}
		}
		return e.Else == nil || w.block(s, e.Else)
	case *syntax.Try:
		return w.block(s, e.Body) || w.caught(s, e)
	case *syntax.Lambda:
		w.lambda(s, e, nil)
	}
	return true
}

func (w *walker) caught(s *scope, e *syntax.Try) bool {
	w.write(s, e.Name, &value{what: "error"})
	return w.block(s, e.Catch)
}

func (w *walker) ident(s *scope, e *syntax.Ident) bool {
	want, got := s.lookup(e.Name), s.resolved(w.t, w.info.Binding(e))
	require.Equal(w.t, want == nil, got == nil, "%s at %d:\n%s", e.Name, e.Span().Start, w.text)
	if want == nil {
		return false // an error of kind Name
	}
	require.Equal(w.t, *want, *got, "%s at %d:\n%s", e.Name, e.Span().Start, w.text)
	w.used(got)
	return true
}

func (w *walker) used(v *value) {
	if v != nil && v.written != nil {
		w.read[v.written] = true
	}
}

func (w *walker) write(s *scope, name *syntax.Name, v *value) {
	s.slots[w.info.Binding(name).Index] = v
	s.names[name.Text] = v
}

func (w *walker) assign(s *scope, e *syntax.Assign) bool {
	if lambda, ok := e.Value.(*syntax.Lambda); ok {
		w.lambda(s, lambda, e.Name)
	} else if !w.expr(s, e.Value) {
		return false
	}
	w.write(s, e.Name, &value{written: e.Name, what: "value"})
	return true
}

func (w *walker) call(s *scope, e *syntax.Call) bool {
	if !w.expr(s, e.Callee) {
		return false
	}
	for _, arg := range e.Args {
		if !w.expr(s, arg.Value) {
			return false
		}
	}
	signals := len(e.Args) == 2 && e.Callee.(*syntax.Ident).Name == "signal"
	return !signals && w.rng.IntN(4) > 0
}

// lambda creates a lambda and calls it at once, which is as good as later: what it captures it has now.
func (w *walker) lambda(s *scope, e *syntax.Lambda, name *syntax.Name) {
	fn := w.info.Func(e)
	inner := w.enter(fn)
	if name != nil {
		inner.self = &value{what: "itself"}
	}
	now := map[string]*value{}
	for _, name := range []string{"a", "b", "c", "d", "g", "first", "signal", "list"} {
		now[name] = s.lookup(name)
	}
	inner.outer = func(name string) *value { return now[name] }
	for _, captured := range fn.Captures {
		v := s.resolved(w.t, captured.From)
		require.True(w.t, captured.State != resolve.Set || v != nil)
		inner.captures = append(inner.captures, v)
	}
	w.block(inner, fn.Block())
}
